import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

export type GatewayErrorOptions = {
  readonly cause?: unknown;
  /** Overrides the status of the code, for upstream errors that keep their own. One that is no error's, as of a redirect, does not. */
  readonly status?: number;
  /** Overrides the `code` field that callers see. */
  readonly wireCode?: string;
  /** Overrides the `type` field that callers see. */
  readonly wireType?: string;
  /** The request field at fault, as a path such as `messages[2].content`. */
  readonly param?: string;
  /** Whether the same call may do better on another try or another deployment. */
  readonly retryable?: boolean;
  /** When a retry may help, in milliseconds from now. */
  readonly retryAfterMs?: number;
  /** More response headers, such as `x-ratelimit-*`. */
  readonly headers?: Readonly<Record<string, string>>;
};

/** The one error class. `code` says what happened; programs switch on it, never on `message`. */
export class GatewayError extends Error {
  readonly isGatewayError = true as const;
  readonly code: ErrorCode;
  readonly status: number;
  readonly wireCode: string;
  readonly wireType: string;
  readonly param: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.status = options.status !== undefined && options.status >= 400 ? options.status : ERROR_CODES[code].status;
    this.wireCode = options.wireCode ?? code;
    this.wireType = options.wireType ?? ERROR_CODES[code].type;
    this.param = options.param;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.headers = options.headers;
  }

  /** Express reads it: the message of a refusal may be shown, that of a defect not. */
  get expose(): boolean {
    return this.code !== 'internal';
  }

  /** The same error in other words; what it was before is its cause. */
  withMessage(message: string): GatewayError {
    const { code, status, wireCode, wireType, param, retryable, retryAfterMs, headers } = this;
    return new GatewayError(code, message, {
      cause: this,
      status,
      wireCode,
      wireType,
      retryable,
      ...(param === undefined ? {} : { param }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(headers === undefined ? {} : { headers }),
    });
  }

  /** Works across duplicate copies of this package, where `instanceof` does not. */
  static is(error: unknown): error is GatewayError {
    return (error as Partial<GatewayError> | null | undefined)?.isGatewayError === true;
  }

  /** Whatever was thrown, as a {@link GatewayError}; a defect keeps its cause for the log and hides it from callers. */
  static from(error: unknown): GatewayError {
    return GatewayError.is(error) ? error : new GatewayError('internal', 'Internal error', { cause: error });
  }
}
