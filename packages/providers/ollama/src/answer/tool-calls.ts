import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@sluice/core';

type OllamaCall = { readonly id?: string; readonly function?: { readonly name?: string; readonly arguments?: unknown } };

/** Calls of tools come whole, with their arguments as an object. Those of older versions have no id. */
export function toToolCalls(calls: unknown): readonly JsonObject[] {
  if (!Array.isArray(calls)) return [];
  return (calls as readonly OllamaCall[]).map(({ id, function: called }) => ({
    id: id || `call_${randomUUID()}`,
    type: 'function',
    function: { name: called?.name ?? '', arguments: JSON.stringify(called?.arguments ?? {}) },
  }));
}
