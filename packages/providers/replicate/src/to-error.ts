import { GatewayError, type JsonObject, type Secret, type WireError } from '@sluice/core';
import { toError as toOpenAiError } from '@sluice/openai-wire';
import type { Prediction } from './prediction.ts';

const POLICY_TEXT = /flagged as sensitive|\(E005\)|NSFW|content (?:policy|moderation)|safety/i;
const TOO_LONG_TEXT = /(?:input|prompt) (?:is )?too long|context (?:length|window)|maximum (?:input|number of) (?:length|tokens)/i;

/** Errors of the API (`{ title, detail, status, invalid_fields }`), of a stream (`{ detail }`) and of predictions (`{ error }`). */
export function toError({ status, headers, body }: WireError, key?: Secret): GatewayError {
  const { error, detail } = parse(body);
  const message = typeof error === 'string' ? error : detail;
  if (typeof message !== 'string') return toOpenAiError({ status, headers, body }, key);
  const code = status === 401 || status === 429 ? undefined : codeOf(message);
  const told = { error: { message, ...(code && { code }) } };
  return toOpenAiError({ status: code && status >= 500 ? 400 : status, headers, body: JSON.stringify(told) }, key);
}

/** @throws GatewayError for a prediction that is over without having succeeded. */
export function requireSuccess({ status, error }: Prediction): void {
  if (status === 'succeeded') return;
  throw failed(typeof error === 'string' && error !== '' ? error : `The prediction ended as '${status ?? 'unknown'}'`);
}

/** The error that a prediction ended with. What the model refuses it refuses again; what broke may work another time. */
function failed(message: string): GatewayError {
  const code = codeOf(message);
  return new GatewayError(code ?? 'upstream_error', message, { retryable: code === undefined });
}

function codeOf(message: string): 'content_policy_violation' | 'context_length_exceeded' | undefined {
  if (POLICY_TEXT.test(message)) return 'content_policy_violation';
  return TOO_LONG_TEXT.test(message) ? 'context_length_exceeded' : undefined;
}

function parse(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    return value !== null && typeof value === 'object' ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
