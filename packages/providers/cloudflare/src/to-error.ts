import type { GatewayError, JsonObject, Secret, WireError } from '@sluice/core';
import { toError as toOpenAiError } from '@sluice/openai-wire';

const TOO_LONG_TEXT = /context window|maximum context|too many tokens/i;
const POLICY_TEXT = /NSFW|content policy|safety/i;

/** Errors as Cloudflare's API has them (`{ success: false, errors: [{ code, message }] }`), and OpenAI's. https://developers.cloudflare.com/workers-ai/platform/errors/ */
export function toError(error: WireError, key?: Secret): GatewayError {
  const { errors } = parse(error.body);
  const messages = (Array.isArray(errors) ? (errors as readonly JsonObject[]) : []).flatMap(({ message }) => (typeof message === 'string' ? [message] : []));
  if (messages.length === 0) return toOpenAiError(error, key);
  const message = messages.join('; ');
  const isRefusal = error.status >= 400 && error.status < 500 && error.status !== 401 && error.status !== 429;
  const code = !isRefusal
    ? undefined
    : TOO_LONG_TEXT.test(message)
      ? 'context_length_exceeded'
      : POLICY_TEXT.test(message)
        ? 'content_policy_violation'
        : undefined;
  return toOpenAiError({ ...error, body: JSON.stringify({ error: { message, ...(code && { code }) } }) }, key);
}

function parse(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    return value !== null && typeof value === 'object' ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
