import { secret } from '@sluice/core';
import { expect, test } from 'vitest';
import { toError } from './to-error.ts';

function errorOf(status: number, type: string, message: string, headers: Record<string, string> = {}): ReturnType<typeof toError> {
  return toError({ status, headers, body: JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_1' }) }, secret('my-own-key'));
}

test.each([
  [400, 'invalid_request_error', 'messages: bad', 'upstream_bad_request', false],
  [400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum', 'context_length_exceeded', false],
  [400, 'invalid_request_error', 'input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000', 'context_length_exceeded', false],
  [400, 'invalid_request_error', 'Output blocked by content filtering policy', 'content_policy_violation', false],
  [400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API', 'upstream_permission', false],
  [401, 'authentication_error', 'invalid x-api-key', 'upstream_authentication', false],
  [402, 'billing_error', 'pay', 'upstream_permission', false],
  [403, 'permission_error', 'no', 'upstream_permission', false],
  [404, 'not_found_error', 'model: claude-9', 'upstream_not_found', false],
  [413, 'request_too_large', 'too many bytes', 'upstream_bad_request', false],
  [429, 'rate_limit_error', 'slow', 'upstream_rate_limited', true],
  [500, 'api_error', 'oops', 'upstream_error', true],
  [504, 'timeout_error', 'late', 'upstream_timeout', true],
  [529, 'overloaded_error', 'Overloaded', 'upstream_overloaded', true],
])('%i %s: %s', (status, type, message, code, retryable) => {
  expect(errorOf(status, type, message)).toMatchObject({ code, retryable, message, wireType: type });
});

test('the type counts where the status says nothing, as inside a stream, and the status where the body does not', () => {
  expect(errorOf(502, 'overloaded_error', 'Overloaded').code).toBe('upstream_overloaded');
  expect(toError({ status: 529, headers: {}, body: '<html>' })).toMatchObject({ code: 'upstream_overloaded', message: 'The provider answered 529' });
});

test('a wait is passed on, and a key is not', () => {
  const error = errorOf(429, 'rate_limit_error', 'Key my-own-key is too fast', { 'retry-after': '3' });
  expect(error).toMatchObject({ retryAfterMs: 3000, message: 'Key [redacted] is too fast', status: 429 });
});
