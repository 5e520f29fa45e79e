import type { JsonObject } from '../types/json.ts';
import type { WireError } from './provider.ts';

/** What error types mean where no status stands beside them. */
const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  overloaded_error: 529,
  server_overloaded: 529,
};

const SAID_NOWHERE = 502;

/** The error that an answer, or an event of one, reports though its status was 200. Nothing when it reports none. */
export function readReportedError(body: JsonObject, isNamedError = false): WireError | undefined {
  const { error } = body;
  if (isNamedError || body.type === 'error') return toWireError(isObject(error) ? error : body, body);
  if (error === null || error === undefined || error === false) return undefined;
  return isObject(error) || typeof error === 'string' ? toWireError(isObject(error) ? error : {}, body) : undefined;
}

function toWireError(error: JsonObject, body: JsonObject): WireError {
  const { status_code: statusCode, code, status, type } = error;
  const number = [statusCode, code, status, body.status_code].map(Number).find((candidate) => candidate >= 400 && candidate < 600);
  const known = [code, type].map((word) => (typeof word === 'string' ? STATUS_OF_TYPE[word] : undefined)).find((candidate) => candidate !== undefined);
  return { status: number ?? known ?? SAID_NOWHERE, headers: {}, body: JSON.stringify(body) };
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object';
}
