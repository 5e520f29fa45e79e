import { secret } from '@sluice/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { toError } from './to-error.ts';

function errorOf(status: number, body: unknown, headers: Record<string, string> = {}): ReturnType<typeof toError> {
  return toError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
}

describe('the status says what happened', () => {
  test.each([
    [302, 'upstream_error', 502, false],
    [304, 'upstream_error', 502, false],
    [400, 'upstream_bad_request', 400, false],
    [401, 'upstream_authentication', 401, false],
    [402, 'upstream_permission', 402, false],
    [403, 'upstream_permission', 403, false],
    [404, 'upstream_not_found', 404, false],
    [408, 'upstream_timeout', 408, true],
    [409, 'upstream_bad_request', 409, true],
    [413, 'upstream_bad_request', 413, false],
    [422, 'upstream_bad_request', 422, false],
    [429, 'upstream_rate_limited', 429, true],
    [500, 'upstream_error', 502, true],
    [501, 'upstream_error', 502, false],
    [502, 'upstream_error', 502, true],
    [503, 'upstream_overloaded', 503, true],
    [504, 'upstream_timeout', 504, true],
    [529, 'upstream_overloaded', 503, true],
  ] as const)('%i is %s, for callers %i, worth another try: %s', (status, code, ours, retryable) => {
    expect(errorOf(status, { error: { message: 'no', type: 'x', code: 'y', param: 'z' } })).toMatchObject({
      code,
      status: ours,
      retryable,
      message: 'no',
      wireType: 'x',
      wireCode: 'y',
      param: 'z',
    });
  });
});

describe('any usual form of an error body is read', () => {
  test.each([
    [
      "OpenAI's, without param and type",
      { error: { message: 'm', code: 'invalid_api_key' } },
      { message: 'm', wireCode: 'invalid_api_key', wireType: 'authentication_error', param: undefined },
    ],
    ['a text for an error', { error: 'm' }, { message: 'm' }],
    ['a status for a code', { error: { message: 'm', code: 401 } }, { message: 'm', wireCode: 'upstream_authentication' }],
    ['a status for a code, as text', { error: { message: 'm', code: '401' } }, { message: 'm', wireCode: 'upstream_authentication' }],
    ["Mistral's, without an error object", { object: 'error', message: 'm', type: 't', param: null, code: '3051' }, { message: 'm', wireType: 't' }],
    ['a detail', { detail: 'm' }, { message: 'm' }],
    [
      'a list of details',
      {
        detail: [
          { loc: ['body', 'top_p'], msg: 'too high' },
          { loc: ['body', 'n'], msg: 'too low' },
        ],
      },
      { message: 'top_p: too high; n: too low', param: 'top_p' },
    ],
    [
      'a list of details within the message',
      { message: { detail: [{ loc: ['body', 'max_completion_tokens'], msg: 'Extra inputs are not permitted' }] } },
      { message: 'max_completion_tokens: Extra inputs are not permitted' },
    ],
    ['a list of errors', [{ error: { message: 'm', status: 'UNAUTHENTICATED' } }], { message: 'm' }],
    ['plain text', 'upstream connect error', { message: 'upstream connect error' }],
    ['a page', '<html><h1>Bad Gateway</h1></html>', { message: 'The provider answered 401' }],
    ['nothing', '', { message: 'The provider answered 401' }],
    ['null', 'null', { message: 'null' }],
  ])('%s', (_, body, expected) => {
    expect(errorOf(401, body)).toMatchObject(expected);
  });
});

describe('two refusals are known whoever says them', () => {
  test.each([
    [{ code: 'context_length_exceeded', message: 'x' }],
    [{ type: 'exceed_context_size_error', message: 'x' }],
    [{ message: "This model's maximum context length is 1048565 tokens. However, you requested 1250025 tokens." }],
    [{ message: 'prompt too long; exceeded max context length by 1119046 tokens' }],
    [{ message: 'Please reduce the length of the messages or completion.' }],
    [{ message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).' }],
  ])('too long: %o', (error) => {
    expect(errorOf(400, { error })).toMatchObject({ code: 'context_length_exceeded', wireCode: 'context_length_exceeded', retryable: false });
  });

  test.each([
    [{ code: 'content_filter', message: 'The response was filtered due to the prompt triggering content management policy.' }],
    [{ code: 'content_policy_violation', message: 'x' }],
    [{ code: 'moderation_blocked', message: 'x' }],
    [{ code: null, message: 'x', innererror: { code: 'ResponsibleAIPolicyViolation' } }],
    [{ message: 'Your request was rejected as a result of our safety system.' }],
  ])('against the policy: %o', (error) => {
    expect(errorOf(400, { error })).toMatchObject({ code: 'content_policy_violation', wireCode: 'content_policy_violation' });
  });

  test('a rate limit that mentions the context is a rate limit', () => {
    expect(errorOf(429, { error: { message: 'Requests near the maximum context length are limited' } }).code).toBe('upstream_rate_limited');
  });
});

describe('when to come back', () => {
  afterEach(() => vi.useRealTimers());

  test.each([
    [{ 'retry-after': '20' }, 20_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '150', 'retry-after': '1' }, 150],
    [{ 'retry-after': 'Sat, 01 Jan 2000 00:01:00 GMT' }, 60_000],
    [{ 'retry-after': 'Fri, 31 Dec 1999 00:00:00 GMT' }, 0],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('%o is %s ms', (headers, expected) => {
    vi.useFakeTimers({ now: Date.UTC(2000, 0, 1) });
    expect(errorOf(429, {}, headers as Record<string, string>).retryAfterMs).toBe(expected);
  });
});

describe("the gateway's key stays with the gateway", () => {
  test.each([
    ['Incorrect API key provided: sk-proj-abc123def456. You can find your API key at https://platform.openai.com/account/api-keys.'],
    ['Incorrect API key provided: sk-abc1****wxyz.'],
    ['Authentication failed for gsk_abcdefgh12345678'],
    ['Invalid token: abc.def'],
    ['Bad key AIzaSyA1234567890abcdefg'],
  ])('%s', (message) => {
    const shown = errorOf(401, { error: { message } }).message;
    expect(shown).toContain('[redacted]');
    expect(shown).not.toMatch(/abc/);
  });

  test('a key without any known shape as well', () => {
    const { message } = toError(
      { status: 401, headers: {}, body: JSON.stringify({ error: { message: 'No account for 0f9e8d7c6b5a' } }) },
      secret('0f9e8d7c6b5a'),
    );
    expect(message).toBe('No account for [redacted]');
  });

  test('and what is no key is left alone', () => {
    expect(errorOf(401, { error: { message: 'Access denied due to invalid subscription key or wrong API endpoint.' } }).message).toBe(
      'Access denied due to invalid subscription key or wrong API endpoint.',
    );
  });
});
