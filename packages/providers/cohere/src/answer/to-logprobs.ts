import type { JsonObject } from '@sluice/core';
import type { LogprobItem } from '../wire.ts';

/** Log probabilities in OpenAI's form: an entry for each piece of text, which may be of several tokens. */
export function toLogprobs(items: readonly LogprobItem[]): JsonObject {
  const content = items.map(({ text = '', logprobs = [] }) => ({
    token: text,
    logprob: logprobs.reduce((sum, each) => sum + each, 0),
    bytes: [...Buffer.from(text)],
    top_logprobs: [],
  }));
  return { content, refusal: null };
}
