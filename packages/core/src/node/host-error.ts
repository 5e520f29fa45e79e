import { GatewayError } from '../errors/gateway-error.ts';

/** What body parsers throw: `type` says what happened; co-body throws plain errors with a status. */
type ParserError = { readonly type?: string; readonly status?: number; readonly limit?: number; readonly message?: string };

const ADVICE = 'Mount the gateway above the parser and it reads bodies itself, up to its own bodyLimitBytes; or raise the limit of the parser.';

/** An error of a body parser that ran before the gateway, as a refusal that names its cause; nothing for any other error. */
export function fromHostError(error: unknown): GatewayError | undefined {
  if (GatewayError.is(error)) return error;
  const { type, status, limit, message } = (error ?? {}) as ParserError;
  switch (type) {
    case 'entity.too.large':
      return new GatewayError(
        'body_too_large',
        `A body parser before the gateway refused the body: it takes ${limit === undefined ? 'less' : `at most ${limit} bytes`}. ${ADVICE}`,
        { cause: error },
      );
    case 'entity.parse.failed':
      return notJson(message, error);
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new GatewayError('unsupported_media_type', `A body parser before the gateway refused the body: ${message}`, { cause: error });
    case 'request.aborted':
      return new GatewayError('aborted', 'The caller left before the whole body had arrived', { cause: error });
    default:
      return status === 400 && error instanceof SyntaxError ? notJson(message, error) : undefined;
  }
}

function notJson(message: string | undefined, cause: unknown): GatewayError {
  return new GatewayError('invalid_json', `The body is not JSON: ${message}`, { cause });
}
