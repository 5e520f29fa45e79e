import { type GatewayError, secret } from '@sluice/core';
import { expect, test } from 'vitest';
import { toAwsError } from './aws-error.ts';

const error = (status: number, name: string, message: string): GatewayError =>
  toAwsError(
    { status, headers: { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/` }, body: JSON.stringify({ message }) },
    secret('my-own-key-12345'),
  );

test.each([
  [400, 'ValidationException', 'upstream_bad_request', false],
  [403, 'AccessDeniedException', 'upstream_permission', false],
  [403, 'UnrecognizedClientException', 'upstream_authentication', false],
  [403, 'ExpiredTokenException', 'upstream_authentication', false],
  [404, 'ResourceNotFoundException', 'upstream_not_found', false],
  [408, 'ModelTimeoutException', 'upstream_timeout', true],
  [424, 'ModelErrorException', 'upstream_error', true],
  [429, 'ThrottlingException', 'upstream_rate_limited', true],
  [429, 'ModelNotReadyException', 'upstream_overloaded', true],
  [500, 'InternalServerException', 'upstream_error', true],
  [503, 'ServiceUnavailableException', 'upstream_overloaded', true],
  [400, 'ANewException', 'upstream_bad_request', false],
])('%i %s is %s', (status, name, code, retryable) => {
  expect(error(status, name, 'No')).toMatchObject({ code, retryable, message: 'No', wireType: name });
});

test.each([
  ['Input is too long for requested model.', 'context_length_exceeded'],
  ['The model returned the following errors: prompt is too long: 208310 tokens > 200000 maximum', 'context_length_exceeded'],
  ['This request has been blocked by our content filters.', 'content_policy_violation'],
  ["1 validation error detected: Value at 'inferenceConfig.topP' failed", 'upstream_bad_request'],
])('%s is %s', (message, code) => {
  expect(error(400, 'ValidationException', message).code).toBe(code);
});

test('a name is found in the body too, in whichever spelling', () => {
  const of = (body: object): GatewayError => toAwsError({ status: 502, headers: {}, body: JSON.stringify(body) });
  expect(of({ __type: 'com.amazon.coral.service#ThrottlingException', Message: 'Slow' })).toMatchObject({ code: 'upstream_rate_limited', message: 'Slow' });
  expect(of({ type: 'modelStreamErrorException', message: 'x' })).toMatchObject({ code: 'upstream_error', retryable: true });
  expect(toAwsError({ status: 502, headers: {}, body: '<html>' })).toMatchObject({ code: 'upstream_error', message: 'The provider answered 502' });
});

test('nothing that was signed with is repeated', () => {
  const quoted =
    "Authorization header requires 'Signature' parameter. Authorization=AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261125, Signature=0123abcd, my-own-key-12345\n\nThe Canonical String for this request should have been\n'POST\n/model\nx-amz-security-token:THE-TOKEN'";
  const { message } = error(403, 'InvalidSignatureException', quoted);
  expect(message).toContain('requires');
  expect(message).not.toMatch(/AKIA|0123abcd|my-own-key|THE-TOKEN/);
});
