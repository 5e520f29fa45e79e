import type { JsonObject } from '../types/json.ts';

const ENDED: ReadonlySet<unknown> = new Set(['completed', 'failed', 'expired', 'cancelled']);

/** Whether nothing more is answered, so that it can be charged. */
export function hasEnded({ status }: JsonObject): boolean {
  return ENDED.has(status);
}
