import type { JsonObject } from '@sluice/core';
import { omit } from '@sluice/openai-wire';

/** OpenAI takes `null` for what was left out, Mistral only here and there. Itself where there is none. */
export function withoutNulls(object: JsonObject, ...kept: readonly string[]): JsonObject {
  return omit(object, ...Object.keys(object).filter((field) => object[field] === null && !kept.includes(field)));
}
