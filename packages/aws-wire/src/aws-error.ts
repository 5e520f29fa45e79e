import { type ErrorCode, GatewayError, type JsonObject, readRetryAfter, redactKeys, upstreamCode, type WireError } from '@sluice/core';

const LONGEST_MESSAGE = 2000;

/** By the exception's name, which stands inside streams too. https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html */
const CODES: Readonly<Record<string, ErrorCode>> = {
  AccessDeniedException: 'upstream_permission',
  ExpiredTokenException: 'upstream_authentication',
  IncompleteSignatureException: 'upstream_authentication',
  InvalidSignatureException: 'upstream_authentication',
  MissingAuthenticationTokenException: 'upstream_authentication',
  UnrecognizedClientException: 'upstream_authentication',
  InvalidClientTokenId: 'upstream_authentication',
  NotAuthorized: 'upstream_permission',
  OptInRequired: 'upstream_permission',
  ResourceNotFoundException: 'upstream_not_found',
  ThrottlingException: 'upstream_rate_limited',
  ServiceQuotaExceededException: 'upstream_rate_limited',
  ModelNotReadyException: 'upstream_overloaded',
  ServiceUnavailableException: 'upstream_overloaded',
  ModelTimeoutException: 'upstream_timeout',
  ModelErrorException: 'upstream_error',
  ModelStreamErrorException: 'upstream_error',
  InternalServerException: 'upstream_error',
  InternalFailure: 'upstream_error',
  ValidationException: 'upstream_bad_request',
};
const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['upstream_rate_limited', 'upstream_timeout', 'upstream_overloaded', 'upstream_error']);
const TOO_LONG =
  /input is too long|too many (?:input )?tokens|prompt is too long|maximum context length|exceeds? the (?:model's )?(?:maximum )?(?:context|number of (?:input )?tokens)|context window/i;
const AGAINST_POLICY = /content filter|guardrail|(?:our|content|usage) polic(?:y|ies)|responsible ai/i;
/** What AWS signs with, and the text that it would have signed, which holds the token of the session. */
const SIGNED = /\s*The Canonical String for this request should have been[\s\S]*/;
const KEY_PARTS = /\b(?:AKIA|ASIA|ABSK)[\w+/=-]{8,}|(?<=\b(?:Credential|Signature|X-Amz-Security-Token)[=:]\s*)[^\s,&']+/gi;

/** An error of AWS: by the exception's name, then by the status, and by its text only where neither tells. `secrets` are kept out of it. */
export function toAwsError({ status, headers, body }: WireError, apiKey?: { reveal(): string }): GatewayError {
  const parsed = parse(body);
  const name = exceptionIn(headers['x-amzn-errortype']) ?? exceptionIn(parsed.__type) ?? exceptionIn(parsed.type) ?? exceptionIn(parsed.code);
  const message = (word(parsed.message) ?? word(parsed.Message) ?? `The provider answered ${status}`).slice(0, LONGEST_MESSAGE);
  const code = refine((name === undefined ? undefined : CODES[name]) ?? upstreamCode(status), message);
  const retryAfterMs = readRetryAfter(headers);
  const requestId = headers['x-amzn-requestid'];
  return new GatewayError(code, redactKeys(message.replace(SIGNED, '').replace(KEY_PARTS, '[redacted]'), apiKey), {
    ...(status < 500 && { status }),
    ...(name !== undefined && { wireType: name }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(typeof requestId === 'string' && { cause: { requestId } }),
    retryable: RETRYABLE.has(code),
  });
}

/** What AWS calls an invalid request for want of a name of its own. */
function refine(code: ErrorCode, message: string): ErrorCode {
  if (code !== 'upstream_bad_request') return code;
  if (TOO_LONG.test(message)) return 'context_length_exceeded';
  return AGAINST_POLICY.test(message) ? 'content_policy_violation' : code;
}

/** `ThrottlingException` in `com.amazon.coral#ThrottlingException`, `ThrottlingException:http://…` and `throttlingException`. */
function exceptionIn(value: unknown): string | undefined {
  const name = word(value)?.split(':')[0]?.split('#').at(-1);
  return name === undefined ? undefined : name.charAt(0).toUpperCase() + name.slice(1);
}

function parse(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
