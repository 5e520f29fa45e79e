import { isSealed, isSecretName } from '../directory/secret-seal.ts';
import type { JsonObject } from '../types/json.ts';

export const MASK = '***';
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
    Object.entries(value).map(([name, item]) => [
      name,
      NEVER.has(name) || (typeof item === 'string' && (isSecretName(name) || isSealed(item))) ? MASK : mask(item),
    ]),
  );
}
