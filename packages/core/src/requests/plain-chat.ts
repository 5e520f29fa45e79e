import type { JsonObject } from '../types/json.ts';
import { chatSchema } from './chat-schema.ts';

const ROLES: ReadonlySet<unknown> = new Set(chatSchema.shape.messages.element.shape.role.options);
const MODEL_NAME = /^[\x20-\x7e]{1,512}$/;

const CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  model: (value) => typeof value === 'string' && MODEL_NAME.test(value),
  messages: (value) => Array.isArray(value) && value.length > 0 && value.every(isPlainMessage),
  stream: isBoolean,
  max_tokens: isCount,
  max_completion_tokens: isCount,
  n: isCount,
  temperature: isNumber,
  top_p: isNumber,
  frequency_penalty: isNumber,
  presence_penalty: isNumber,
  user: isString,
};

/**
 * Whether a request is so plain that the schema is sure to accept it: most chats are, and asking the schema costs
 * them a tenth of the whole way through the gateway. What this does not know it leaves to the schema.
 */
export function isPlainChat(request: JsonObject): boolean {
  if (request.model === undefined || request.messages === undefined) return false;
  for (const field in request) {
    const value = request[field];
    if (Object.hasOwn(CHECKS, field) ? !CHECKS[field]?.(value) : typeof value === 'object' || Object.hasOwn(chatSchema.shape, field)) return false;
  }
  return true;
}

function isPlainMessage(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  for (const field in message) {
    const value = (message as JsonObject)[field];
    if (field === 'role' ? !ROLES.has(value) : field !== 'content' || typeof value !== 'string') return false;
  }
  return 'role' in message && !Array.isArray(message);
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
