import type { GatewayError, JsonObject, Secret, WireError } from '@sluice/core';
import { toError as toOpenAiError } from '@sluice/openai-wire';

type Reported = { readonly code?: unknown; readonly message?: unknown };

const TOO_LONG_TEXT = /input tokens?\b.*\bexceed|total tokens limit|maximum sequence length|token sequence length|max(?:imum)? (?:model|context) length/i;

/** Errors as the API has them: `{ errors: [{ code, message }], trace, status_code }`. https://cloud.ibm.com/apidocs/watsonx-ai#error-handling */
export function toError(error: WireError, key?: Secret): GatewayError {
  const { errors } = parse(error.body);
  if (!Array.isArray(errors) || errors.length === 0) return toOpenAiError(error, key);
  const [first = {}] = errors as readonly Reported[];
  const message = (errors as readonly Reported[]).flatMap((each) => (typeof each.message === 'string' ? [each.message] : [])).join('; ');
  const isTooLong = (error.status === 400 || error.status === 422) && TOO_LONG_TEXT.test(message);
  return toOpenAiError({ ...error, body: JSON.stringify({ error: { message, code: isTooLong ? 'context_length_exceeded' : first.code } }) }, key);
}

function parse(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    return value !== null && typeof value === 'object' ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
