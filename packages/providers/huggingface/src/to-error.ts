import type { GatewayError, JsonObject, Secret, WireError } from '@sluice/core';
import { toError as toOpenAiError } from '@sluice/openai-wire';

/** What the servers' words mean where an error comes within a stream. A generation that failed (424) may succeed another time. */
const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  validation: 422,
  template_error: 422,
  tool_error: 422,
  overloaded: 429,
  generation: 500,
  incomplete_generation: 500,
  incomplete_generation_stream: 500,
};

/**
 * Errors of the router, the pipelines (`{ error, estimated_time }`, or a list of errors) and the servers
 * (`{ error, error_type }`). A model that is loading says how long it will.
 */
export function toError(error: WireError, key?: Secret): GatewayError {
  const { error: told, error_type: type, estimated_time: seconds } = parse(error.body);
  const status = (typeof type === 'string' ? STATUS_OF_TYPE[type] : undefined) ?? error.status;
  const headers = typeof seconds === 'number' && seconds >= 0 ? { 'retry-after': String(Math.ceil(seconds)), ...error.headers } : error.headers;
  const body = Array.isArray(told) ? JSON.stringify({ error: told.filter((each) => typeof each === 'string').join('; ') }) : error.body;
  return toOpenAiError({ status, headers, body }, key);
}

function parse(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    return value !== null && typeof value === 'object' ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
