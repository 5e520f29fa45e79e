import type { JsonObject } from '../types/json.ts';

const MASK = '***';
const SECRET_NAME = /secret|password|passwd|credential|authorization|api_?key|private_?key|access_?key|(?:^|_)token$/i;
/** What opens doors, wherever it stands. */
const NEVER = new Set(['hashes', 'credential_values']);

/** A body as the trail keeps it: who changed what is told, and no secret. */
export function masked(body: JsonObject | undefined): JsonObject | undefined {
  return body && (mask(body) as JsonObject);
}

function mask(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mask);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, NEVER.has(name) || (typeof item === 'string' && SECRET_NAME.test(name)) ? MASK : mask(item)]),
  );
}
