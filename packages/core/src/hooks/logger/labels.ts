import type { Context } from '../../pipeline/context.ts';
import type { JsonObject } from '../../types/json.ts';
import type { Redactor } from './redactor.ts';

const MOST_LABELS = 50;
const LONGEST_LABEL = 200;

/**
 * What a caller's `metadata` says in short: names, numbers, flags and lists of names. Longer texts and what is nested
 * may be the prompt again, and are left out.
 */
export function labelsOf({ request: { metadata } }: Context, redact: Redactor): JsonObject | undefined {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return undefined;
  const labels: Record<string, unknown> = {};
  let count = 0;
  for (const [name, value] of Object.entries(metadata as JsonObject)) {
    const short = shortOf(value, redact);
    if (short === undefined || name.length > LONGEST_LABEL) continue;
    labels[name] = short;
    if ((count += 1) === MOST_LABELS) break;
  }
  return count === 0 ? undefined : labels;
}

function shortOf(value: unknown, redact: Redactor): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.length <= LONGEST_LABEL ? redact(value) : undefined;
  if (!Array.isArray(value) || value.length > MOST_LABELS) return undefined;
  return value.every((item) => typeof item === 'string' && item.length <= LONGEST_LABEL) ? value.map((item: string) => redact(item)) : undefined;
}
