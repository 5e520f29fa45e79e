import { type GatewayError, secret } from '@sluice/core';
import { expect, test } from 'vitest';
import { toError } from './to-error.ts';

const error = (status: number, reported: unknown, headers = {}): GatewayError =>
  toError({ status, headers, body: typeof reported === 'string' ? reported : JSON.stringify({ error: reported }) }, secret('my-own-key-12345'));

test.each<[number, string, string, boolean]>([
  [400, 'INVALID_ARGUMENT', 'upstream_bad_request', false],
  [400, 'FAILED_PRECONDITION', 'upstream_bad_request', false],
  [401, 'UNAUTHENTICATED', 'upstream_authentication', false],
  [403, 'PERMISSION_DENIED', 'upstream_permission', false],
  [404, 'NOT_FOUND', 'upstream_not_found', false],
  [429, 'RESOURCE_EXHAUSTED', 'upstream_rate_limited', true],
  [500, 'INTERNAL', 'upstream_error', true],
  [503, 'UNAVAILABLE', 'upstream_overloaded', true],
  [504, 'DEADLINE_EXCEEDED', 'upstream_timeout', true],
])('%i %s is %s', (code, status, expected, retryable) => {
  expect(error(code, { code, message: 'No', status })).toMatchObject({ code: expected, message: 'No', retryable, wireCode: status });
});

test('a key that Google does not know is a matter of authentication, whatever the status, and is not repeated', () => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }];
  const found = error(400, { code: 400, message: 'No such key: my-own-key-12345, AIzaSyA0123456789abcdef', status: 'INVALID_ARGUMENT', details });
  expect(found).toMatchObject({ code: 'upstream_authentication', status: 400, wireCode: 'API_KEY_INVALID' });
  expect(found.message).not.toMatch(/my-own-key|AIza/);
});

test('a request that is too long is known by its text', () => {
  const message = 'The input token count (1200014) exceeds the maximum number of tokens allowed (1048576).';
  expect(error(400, { code: 400, message, status: 'INVALID_ARGUMENT' })).toMatchObject({
    code: 'context_length_exceeded',
    wireCode: 'context_length_exceeded',
  });
});

test.each<[string, unknown, Record<string, string>, number | undefined]>([
  ['in its details', { details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' }] }, {}, 34_400],
  ['in its text', { message: 'Please retry in 48.939935699s.' }, {}, 48_940],
  ['in its text, in milliseconds', { message: 'Please retry in 250ms.' }, {}, 250],
  ['in a header', { message: 'No' }, { 'retry-after': '3' }, 3000],
  ['nowhere', { message: 'No' }, {}, undefined],
])('when to come back is read %s', (_, reported, headers, expected) => {
  expect(error(429, reported, headers).retryAfterMs).toBe(expected);
});

test('an error in a list, as plain text and as a page is read for what it holds', () => {
  expect(error(429, JSON.stringify([{ error: { code: 429, message: 'Slow down', status: 'RESOURCE_EXHAUSTED' } }])).message).toBe('Slow down');
  expect(error(500, 'Out of order').message).toBe('Out of order');
  expect(error(502, '<html>Bad gateway</html>').message).toBe('The provider answered 502');
});
