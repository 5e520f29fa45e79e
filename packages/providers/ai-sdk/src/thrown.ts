import { GatewayError, type JsonObject, redactKeys } from '@sluice/core';

/** What went wrong inside a package, written as an answer: so one function reads all errors, before a stream and within it. */
export type Told = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly error: JsonObject };

/** The AI SDK's errors, read by their names: several copies of its classes may be about. https://ai-sdk.dev/docs/reference/ai-sdk-errors */
type Thrown = {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly statusCode?: unknown;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: unknown;
  readonly isRetryable?: unknown;
};

const STATUS_OF_NAME: Readonly<Record<string, number>> = {
  AI_LoadAPIKeyError: 401,
  AI_NoSuchModelError: 404,
  AI_NoSuchProviderError: 404,
  AI_UnsupportedModelVersionError: 400,
  AI_InvalidArgumentError: 400,
  AI_InvalidPromptError: 400,
  AI_TooManyEmbeddingValuesForCallError: 400,
  AI_LoadSettingError: 400,
};
const NO_ANSWER = 502;

/**
 * @throws GatewayError where a package threw one; `unsupported_parameter` for what a package cannot do; and
 * `upstream_unreachable` where its host could not be reached.
 */
export function toTold(thrown: unknown): Told {
  if (GatewayError.is(thrown)) throw thrown;
  const error: Thrown = typeof thrown === 'string' ? { message: thrown } : ((thrown ?? {}) as Thrown);
  const name = typeof error.name === 'string' ? error.name : undefined;
  if (name === 'AI_UnsupportedFunctionalityError') throw new GatewayError('unsupported_parameter', redactKeys(messageOf(error)), { cause: thrown });
  const status = typeof error.statusCode === 'number' && error.statusCode >= 400 ? error.statusCode : (STATUS_OF_NAME[name ?? ''] ?? statusIn(error));
  if (status === undefined && name === 'AI_APICallError' && error.isRetryable === true)
    throw new GatewayError('upstream_unreachable', 'The connection to the provider failed', { cause: thrown, retryable: true });
  return {
    status: status ?? NO_ANSWER,
    headers: error.responseHeaders ?? {},
    error: { message: messageOf(error), type: name ?? 'error', ...codeOf(error) },
  };
}

/** Some hosts report an error within a stream as a plain object with a status or a code. */
function statusIn(error: Thrown): number | undefined {
  const { status, code, error: inner } = error as JsonObject;
  const found = [status, code, (inner as JsonObject | undefined)?.code].map(Number).find((number) => number >= 400 && number < 600);
  return found;
}

function messageOf({ message, ...rest }: Thrown): string {
  if (typeof message === 'string' && message !== '') return message;
  const inner = (rest as JsonObject).error as JsonObject | string | undefined;
  const told = typeof inner === 'string' ? inner : inner?.message;
  return typeof told === 'string' && told !== '' ? told : 'The provider failed without saying why';
}

/** The host's own word for the error, from its body where there is one. */
function codeOf({ responseBody, ...rest }: Thrown): JsonObject {
  const body = typeof responseBody === 'string' ? parse(responseBody) : (rest as JsonObject);
  const inner = (body?.error ?? body) as JsonObject | undefined;
  const code = [inner?.code, inner?.type, inner?.status].find((word) => typeof word === 'string' && !/^\d+$/.test(word));
  const param = inner?.param;
  return { ...(code !== undefined && { code }), ...(typeof param === 'string' && { param }) };
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
