const DAY_MS = 86_400_000;
const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Milliseconds since the epoch of `2026-01-31`, or of a time such as `2026-01-31T12:00:00`; in UTC where it names no
 * other zone. As the `end` of a range both count whole: up to the next day, or the next millisecond.
 */
export function readMoment(text: string, edge: 'start' | 'end' = 'start'): number | undefined {
  const [, day, time, zone = 'Z'] = MOMENT.exec(text) ?? [];
  if (day === undefined) return undefined;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // There are engines to which the thirtieth of February is the second of March.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined;
  if (time === undefined) return edge === 'end' ? midnight + DAY_MS : midnight;
  const instant = Date.parse(`${day}T${time}${zone}`);
  if (Number.isNaN(instant)) return undefined;
  return edge === 'end' ? instant + 1 : instant;
}
