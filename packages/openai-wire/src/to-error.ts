import { type ErrorCode, GatewayError, type JsonObject, readRetryAfter, redactKeys, type Secret, upstreamCode, type WireError } from '@sluice/core';

/** What can be said about an error body, in whichever of the usual forms it came. */
type Reported = {
  readonly message: string | undefined;
  readonly type: string | undefined;
  readonly code: string | undefined;
  readonly param: string | undefined;
};

const TOO_LONG_CODES = new Set(['context_length_exceeded', 'exceed_context_size_error', 'context_window_exceeded', 'string_above_max_length']);
const POLICY_CODES = new Set([
  'content_policy_violation',
  'content_filter',
  'moderation_blocked',
  'content_moderation',
  'data_inspection_failed',
  'responsibleaipolicyviolation',
]);
const TOO_LONG_TEXT =
  /maximum context length|max(?:imum)? context (?:length|size|window)|context (?:length|window|size) (?:is )?exceeded|exceeds? the (?:available |model's )?(?:maximum )?context|prompt (?:is )?too long|reduce the length of (?:the|your) (?:messages|prompt|input)|exceeds the maximum number of tokens|`inputs` tokens \+ `max_new_tokens`|`inputs` must have less than/i;
const POLICY_TEXT = /content[ _]management policy|content[ _]policy|safety system|flagged (?:as|for|by)/i;
const LONGEST_MESSAGE = 2000;

/** An error of an OpenAI-speaking host: by status and the provider's code first, by its text last. `key` is kept out of it. */
export function toError({ status, headers, body }: WireError, key?: Secret): GatewayError {
  const reported = readBody(body);
  const code = codeFor(status, reported);
  const retryAfterMs = readRetryAfter(headers);
  return new GatewayError(code, redactKeys(reported.message ?? `The provider answered ${status}`, key), {
    ...(status < 500 ? { status } : {}),
    ...(reported.code === undefined ? {} : { wireCode: code === 'context_length_exceeded' || code === 'content_policy_violation' ? code : reported.code }),
    ...(reported.type === undefined ? {} : { wireType: reported.type }),
    ...(reported.param === undefined ? {} : { param: reported.param }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    retryable: status === 408 || status === 409 || status === 429 || (status >= 500 && status !== 501),
  });
}

function codeFor(status: number, { message = '', type, code }: Reported): ErrorCode {
  const isRefusal = status >= 400 && status < 500 && status !== 401 && status !== 429;
  const says = (codes: ReadonlySet<string>): boolean => [code, type].some((word) => word !== undefined && codes.has(word.toLowerCase()));
  if (says(TOO_LONG_CODES) || (isRefusal && TOO_LONG_TEXT.test(message))) return 'context_length_exceeded';
  if (says(POLICY_CODES) || (isRefusal && POLICY_TEXT.test(message))) return 'content_policy_violation';
  return upstreamCode(status);
}

/**
 * OpenAI's `{ error: {…} }`, `{ error: "…" }`, Mistral's bare `{ message, code }`, FastAPI's `{ detail }`, which may be an
 * object itself (ElevenLabs), Deepgram's `{ err_msg, err_code }`, Stability's `{ errors, name }`.
 */
function readBody(body: string): Reported {
  const parsed = parse(body);
  if (parsed === undefined) return { message: plainText(body), type: undefined, code: undefined, param: undefined };
  const error = isObject(parsed.error) ? parsed.error : parsed;
  const inner = isObject(error.innererror) ? error.innererror : {};
  const detail = error.detail ?? (isObject(error.message) ? error.message.detail : undefined);
  const inDetail = isObject(detail) ? detail : {};
  const message =
    word(error.message) ??
    word(parsed.error) ??
    word(parsed.message) ??
    word(inDetail.message) ??
    word(parsed.err_msg) ??
    linesOf(parsed.errors) ??
    detailOf(detail);
  const code = word(error.code) ?? word(inDetail.status) ?? word(parsed.err_code) ?? (Array.isArray(parsed.errors) ? word(parsed.name) : undefined);
  return {
    message: message?.slice(0, LONGEST_MESSAGE),
    type: word(error.type),
    code: POLICY_CODES.has(String(inner.code).toLowerCase()) ? 'content_policy_violation' : nonNumeric(code),
    param: word(error.param) ?? placeOf(detail),
  };
}

function parse(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return isObject(first) ? first : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Some hosts repeat the status as the code, which says nothing more. */
function nonNumeric(code: string | undefined): string | undefined {
  return code === undefined || /^\d+$/.test(code) ? undefined : code;
}

function linesOf(errors: unknown): string | undefined {
  return Array.isArray(errors) ? word(errors.filter((line) => typeof line === 'string').join('; ')) : undefined;
}

function detailOf(detail: unknown): string | undefined {
  if (!Array.isArray(detail)) return word(detail);
  const lines = detail.filter(isObject).map((item) => [placeOf([item]), word(item.msg)].filter(Boolean).join(': '));
  return word(lines.join('; '));
}

/** FastAPI says where it found the first mistake, as a path from the body. */
function placeOf(detail: unknown): string | undefined {
  const [item] = Array.isArray(detail) ? (detail as readonly JsonObject[]) : [];
  return Array.isArray(item?.loc) ? word(item.loc.filter((step) => step !== 'body').join('.')) : undefined;
}

function plainText(body: string): string | undefined {
  const text = body.trim();
  return text.startsWith('<') ? undefined : word(text.slice(0, LONGEST_MESSAGE));
}
