import { type ErrorCode, GatewayError, type JsonObject, readRetryAfter, redactKeys, type Secret, upstreamCode, type WireError } from '@sluice/core';

const TOO_LONG = /prompt is too long|exceed(?:s|ed)? (?:the )?context (?:limit|window)|input is too long/i;
const AGAINST_POLICY = /content filtering policy|violates? (?:our|anthropic's) (?:usage|acceptable use) policy/i;
const OUT_OF_CREDIT = /credit balance is too low|reached your specified (?:api )?usage limits/i;
const LONGEST_MESSAGE = 2000;

/** By the error's own type, which stands inside streams too. https://docs.claude.com/en/api/errors */
const CODES: Readonly<Record<string, ErrorCode>> = {
  invalid_request_error: 'upstream_bad_request',
  request_too_large: 'upstream_bad_request',
  authentication_error: 'upstream_authentication',
  billing_error: 'upstream_permission',
  permission_error: 'upstream_permission',
  not_found_error: 'upstream_not_found',
  rate_limit_error: 'upstream_rate_limited',
  timeout_error: 'upstream_timeout',
  overloaded_error: 'upstream_overloaded',
  api_error: 'upstream_error',
};

/** An error of the Messages API: by its type, then by the status, and by its text only where neither tells. `key` is kept out of it. */
export function toError({ status, headers, body }: WireError, key?: Secret): GatewayError {
  const { type, message, requestId } = readBody(body);
  const code = refine(CODES[type ?? ''] ?? upstreamCode(status), message ?? '');
  const retryAfterMs = readRetryAfter(headers);
  return new GatewayError(code, redactKeys(message ?? `The provider answered ${status}`, key), {
    ...(status < 500 && { status }),
    ...(type !== undefined && { wireType: type }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(requestId !== undefined && { cause: { requestId } }),
    retryable: RETRYABLE.has(code) || (status === 409 && code === 'upstream_bad_request'),
  });
}

const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['upstream_rate_limited', 'upstream_timeout', 'upstream_overloaded', 'upstream_error']);

/** What Anthropic calls an invalid request for want of a type of its own. */
function refine(code: ErrorCode, message: string): ErrorCode {
  if (code !== 'upstream_bad_request') return code;
  if (TOO_LONG.test(message)) return 'context_length_exceeded';
  if (AGAINST_POLICY.test(message)) return 'content_policy_violation';
  return OUT_OF_CREDIT.test(message) ? 'upstream_permission' : code;
}

type Reported = { readonly type: string | undefined; readonly message: string | undefined; readonly requestId: string | undefined };

function readBody(body: string): Reported {
  const parsed = parse(body);
  const error = asObject(parsed.error) ?? parsed;
  return { type: word(error.type), message: word(error.message)?.slice(0, LONGEST_MESSAGE), requestId: word(parsed.request_id) };
}

function parse(body: string): JsonObject {
  try {
    return asObject(JSON.parse(body) as unknown) ?? {};
  } catch {
    return {};
  }
}

function asObject(value: unknown): JsonObject | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
