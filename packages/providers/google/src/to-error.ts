import { type ErrorCode, GatewayError, type JsonObject, readRetryAfter, redactKeys, type Secret, type WireError } from '@sluice/core';

/** Google's error, as far as it is read here. https://cloud.google.com/apis/design/errors */
type Reported = {
  readonly message: string | undefined;
  /** The name of the code, such as `RESOURCE_EXHAUSTED`. */
  readonly status: string | undefined;
  /** Says more than the status, such as `API_KEY_INVALID`. */
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;
};

const CODE_OF: Readonly<Record<string, ErrorCode>> = {
  UNAUTHENTICATED: 'upstream_authentication',
  PERMISSION_DENIED: 'upstream_permission',
  NOT_FOUND: 'upstream_not_found',
  RESOURCE_EXHAUSTED: 'upstream_rate_limited',
  UNAVAILABLE: 'upstream_overloaded',
  DEADLINE_EXCEEDED: 'upstream_timeout',
};
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'upstream_authentication',
  403: 'upstream_permission',
  404: 'upstream_not_found',
  408: 'upstream_timeout',
  429: 'upstream_rate_limited',
  503: 'upstream_overloaded',
  504: 'upstream_timeout',
};
/** Google answers 400 for a key that it does not know. */
const BAD_KEYS: ReadonlySet<string> = new Set(['API_KEY_INVALID', 'API_KEY_EXPIRED', 'API_KEY_NOT_FOUND', 'ACCESS_TOKEN_EXPIRED']);
const TOO_LONG_TEXT = /token count[^.]* exceeds? the maximum number of tokens|exceeds? the (?:model's )?(?:maximum )?(?:context|input token limit)/i;
const RETRY_TEXT = /retry in (\d+(?:\.\d+)?)(ms|s)\b/i;
const LONGEST_MESSAGE = 2000;

/** What went wrong: by Google's code first, its text last. `key` is kept out of it. */
export function toError({ status, headers, body }: WireError, key?: Secret): GatewayError {
  const reported = readBody(body);
  const code = codeFor(status, reported);
  const retryAfterMs = reported.retryAfterMs ?? readRetryAfter(headers);
  return new GatewayError(code, redactKeys(reported.message ?? `The provider answered ${status}`, key), {
    ...(status < 500 ? { status } : {}),
    ...(reported.status === undefined || code === 'context_length_exceeded' ? {} : { wireCode: reported.reason ?? reported.status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    retryable: status === 408 || status === 409 || status === 429 || (status >= 500 && status !== 501),
  });
}

function codeFor(status: number, { message = '', status: name = '', reason = '' }: Reported): ErrorCode {
  if (BAD_KEYS.has(reason)) return 'upstream_authentication';
  if (status === 400 && TOO_LONG_TEXT.test(message)) return 'context_length_exceeded';
  const known = CODE_OF[name] ?? CODE_OF_STATUS[status];
  return known ?? (status >= 400 && status < 500 ? 'upstream_bad_request' : 'upstream_error');
}

function readBody(body: string): Reported {
  const { error } = parse(body);
  const { message, status, details } = isObject(error) ? error : ({} as JsonObject);
  const list = Array.isArray(details) ? details.filter(isObject) : [];
  const text = word(message) ?? word(error) ?? plainText(body);
  return {
    message: text?.slice(0, LONGEST_MESSAGE),
    status: word(status),
    reason: word(list.find((detail) => typeOf(detail) === 'ErrorInfo')?.reason),
    retryAfterMs: toMs(list.find((detail) => typeOf(detail) === 'RetryInfo')?.retryDelay) ?? fromText(text),
  };
}

/** Streams that were not asked to be server-sent events put their error into a list. */
function parse(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return isObject(first) ? first : {};
  } catch {
    return {};
  }
}

function typeOf(detail: JsonObject): string {
  return String(detail['@type']).replace('type.googleapis.com/google.rpc.', '');
}

/** A duration as Google writes it: seconds, followed by an `s`. */
function toMs(duration: unknown): number | undefined {
  const [, seconds] = typeof duration === 'string' ? (/^(\d+(?:\.\d+)?)s$/.exec(duration) ?? []) : [];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
}

function fromText(text = ''): number | undefined {
  const [, number, unit] = RETRY_TEXT.exec(text) ?? [];
  return number === undefined ? undefined : Math.ceil(Number(number) * (unit === 'ms' ? 1 : 1000));
}

function plainText(body: string): string | undefined {
  const text = body.trim();
  return text.startsWith('<') || text.startsWith('{') || text.startsWith('[') ? undefined : word(text);
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
