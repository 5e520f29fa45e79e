import { type CallRecord, ERROR_CODES, type ErrorCode } from '@sluice/core';

const NANO = 1e9;

/** What metrics say of a call, worked out once. */
export type Facts = {
  readonly record: CallRecord;
  /** A model group: never a name that a caller has made up. */
  readonly model: string;
  readonly status: string;
  readonly isFailed: boolean;
  /** Whether a model answered it, wholly or in part. */
  readonly isAnswered: boolean;
  readonly durationS: number;
  readonly overheadS: number;
  readonly usd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
};

export function factsOf(record: CallRecord): Facts {
  const { status, durationMs, upstreamMs, usage, costNanoUsd = 0 } = record;
  const isFailed = status === 'error' || status === 'refused';
  return {
    record,
    model: record.group ?? '',
    status: statusOf(record),
    isFailed,
    isAnswered: !isFailed,
    durationS: durationMs / 1000,
    overheadS: Math.max(0, durationMs - upstreamMs) / 1000,
    usd: costNanoUsd / NANO,
    inputTokens: usage?.inputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
  };
}

/** What the caller was answered with; 499 is how nginx, and LiteLLM, call it when the caller has left. */
function statusOf({ status, code }: CallRecord): string {
  if (status === 'aborted') return '499';
  return code !== undefined && code in ERROR_CODES ? String(ERROR_CODES[code as ErrorCode].status) : '200';
}

/** LiteLLM's classes of exceptions, by the status that stands for each. */
const CLASSES: Readonly<Record<string, string>> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  402: 'BudgetExceededError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  408: 'Timeout',
  413: 'BadRequestError',
  429: 'RateLimitError',
  499: 'ClientDisconnected',
  500: 'InternalServerError',
  502: 'APIConnectionError',
  503: 'ServiceUnavailableError',
  504: 'Timeout',
};

export function exceptionClass(status: string): string {
  return CLASSES[status] ?? 'APIError';
}

export function statusOfCode(code: string): string {
  return code in ERROR_CODES ? String(ERROR_CODES[code as ErrorCode].status) : '500';
}
