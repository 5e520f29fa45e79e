import { type ErrorCode, GatewayError, readRetryAfter, redactKeys, type Secret, upstreamCode, type WireError } from '@sluice/core';

const LONGEST_MESSAGE = 2000;
/** A status of Cohere's own, for a token that is not valid. https://docs.cohere.com/reference/errors */
const INVALID_TOKEN = 498;
const TOO_LONG_TEXT = /too many tokens|total number of tokens .* (?:exceed|longer)|token limit|exceeds? (?:the )?(?:maximum )?context/i;
const BLOCKED_TEXT = /blocked (?:output|input)|content (?:policy|moderation)|usage policy/i;

/** What went wrong: by the status, and by the text where a status says too little. `key` is kept out of it. */
export function toError({ status, headers, body }: WireError, key?: Secret): GatewayError {
  const message = messageIn(body);
  const retryAfterMs = readRetryAfter(headers);
  return new GatewayError(codeFor(status, message ?? ''), redactKeys(message ?? `The provider answered ${status}`, key).slice(0, LONGEST_MESSAGE), {
    ...(status < 500 && status !== INVALID_TOKEN ? { status } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    retryable: status === 408 || status === 409 || status === 429 || (status >= 500 && status !== 501),
  });
}

function codeFor(status: number, message: string): ErrorCode {
  if (status === INVALID_TOKEN) return 'upstream_authentication';
  if ((status === 400 || status === 422) && TOO_LONG_TEXT.test(message)) return 'context_length_exceeded';
  if ((status === 400 || status === 422) && BLOCKED_TEXT.test(message)) return 'content_policy_violation';
  return upstreamCode(status);
}

function messageIn(body: string): string | undefined {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    return typeof message === 'string' && message !== '' ? message : undefined;
  } catch {
    const text = body.trim();
    return text === '' || text.startsWith('<') ? undefined : text;
  }
}
