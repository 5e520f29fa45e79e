import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@sluice/core';

/** What stands above an answer; Ollama has no ids. */
export function headOf({ model, created_at: at }: JsonObject, object: string, prefix: string): JsonObject {
  const created = typeof at === 'string' ? Math.floor(Date.parse(at) / 1000) : Number.NaN;
  return { id: `${prefix}-${randomUUID()}`, object, created: Number.isFinite(created) ? created : Math.floor(Date.now() / 1000), model };
}

/** Why it ended: `load` and `unload` say that there was nothing to answer. */
export function finishOf({ done_reason: reason }: JsonObject, hasCalls = false): string {
  if (reason === 'length') return 'length';
  return hasCalls ? 'tool_calls' : 'stop';
}
