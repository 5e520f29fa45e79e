import type { Batch, Operation } from '../types/call.ts';
import type { Json, JsonObject } from '../types/json.ts';

type Choice = { readonly delta?: JsonObject | null; readonly text?: unknown; readonly finish_reason?: unknown } | null;

/** The answers whose first events tell a caller nothing yet: another provider may still be asked. */
export const BEGINS_WITH_NOTHING: ReadonlySet<Operation> = new Set<Operation>(['chat', 'completions']);

/** Whether a batch holds anything that a caller could see: more than whose turn it is. */
export function isVisible({ events }: Batch): boolean {
  return events.some(saysAnything);
}

function saysAnything({ value: { choices } }: Json<JsonObject>): boolean {
  // An event in a shape of its own is the caller's to understand.
  if (!Array.isArray(choices)) return true;
  return (choices as readonly Choice[]).some((choice) => {
    if (!choice) return false;
    const { delta, text, finish_reason: reason } = choice;
    return isSaid(reason) || isSaid(text) || Object.entries(delta ?? {}).some(([field, value]) => field !== 'role' && isSaid(value));
  });
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}
