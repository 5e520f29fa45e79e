import type { BudgetWindow } from '../types/principal.ts';

/** One run of a budget: its name in counters, and the instants it lies between, in milliseconds since the epoch. */
export type Period = { readonly id: string; readonly startsAt: number; readonly endsAt: number };

/** A window as it is computed with: `count` times a unit, of which those from a day on follow the calendar of a zone. */
type Length = { readonly count: number; readonly unit: Unit };

type Unit = 's' | 'm' | 'h' | 'd' | 'w' | 'mo';

const MS: Readonly<Record<Unit, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, mo: 2_592_000_000 };
const LENGTH = /^([1-9]\d{0,5})(s|m|h|d|w|mo)$/;
/** The first of January 1970 was a Thursday. */
const FIRST_MONDAY = 4;

/** The length of a window, or nothing where it is not one. */
export function readLength(text: string): Length | undefined {
  const [, count, unit] = LENGTH.exec(text) ?? [];
  if (count === undefined) return undefined;
  if (text === '7d') return { count: 1, unit: 'w' };
  if (text === '30d') return { count: 1, unit: 'mo' };
  return { count: Number(count), unit: unit as Unit };
}

/** The milliseconds of a window that rolls; a month has thirty days. */
export function lengthMs(text: string): number {
  const { count, unit } = requireLength(text);
  return count * MS[unit];
}

/** Finds the period that `now` lies in. Remembers the last one, so that asking again costs two comparisons. */
export function periodFinder({ length, timeZone = 'UTC', resetAt = '00:00' }: BudgetWindow): (now: number) => Period {
  const { count, unit } = requireLength(length);
  const find =
    unit === 's' || unit === 'm' || unit === 'h' ? (now: number) => evenPeriod(now, count * MS[unit]) : calendarFinder(count, unit, timeZone, resetAt);
  let last: Period = { id: '', startsAt: 0, endsAt: 0 };
  return (now) => {
    if (now < last.startsAt || now >= last.endsAt) last = find(now);
    return last;
  };
}

function requireLength(text: string): Length {
  const length = readLength(text);
  if (!length) throw new RangeError(`'${text}' is no length of a budget window`);
  return length;
}

function evenPeriod(now: number, ms: number): Period {
  const startsAt = Math.floor(now / ms) * ms;
  return { id: new Date(startsAt).toISOString(), startsAt, endsAt: startsAt + ms };
}

/** Days are counted in the zone, and only the two edges are turned into instants: so no change of its clocks moves a reset. */
function calendarFinder(count: number, unit: 'd' | 'w' | 'mo', timeZone: string, resetAt: string): (now: number) => Period {
  const clock = zoneClock(timeZone);
  const [hours = 0, minutes = 0] = resetAt.split(':').map(Number);
  const resetMs = hours * MS.h + minutes * MS.m;

  /** The instant at which the period with this number begins. */
  const startOf = (number: number): number => clock.toInstant(firstDay(number * count, unit) * MS.d + resetMs);

  return (now) => {
    let number = Math.floor(unitsBefore(clock.toLocal(now) - resetMs, unit) / count);
    // A local time that occurs twice, or never, can be on the wrong side of the edge.
    while (startOf(number) > now) number -= 1;
    while (startOf(number + 1) <= now) number += 1;
    const startsAt = startOf(number);
    return { id: new Date(startsAt).toISOString(), startsAt, endsAt: startOf(number + 1) };
  };
}

/** Whole days, weeks or months between the epoch and a local time. */
function unitsBefore(localMs: number, unit: 'd' | 'w' | 'mo'): number {
  const day = Math.floor(localMs / MS.d);
  if (unit === 'd') return day;
  if (unit === 'w') return Math.floor((day - FIRST_MONDAY) / 7);
  const date = new Date(localMs);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

function firstDay(units: number, unit: 'd' | 'w' | 'mo'): number {
  if (unit === 'd') return units;
  if (unit === 'w') return units * 7 + FIRST_MONDAY;
  return Date.UTC(1970, units, 1) / MS.d;
}

/** Local times are written as if they were UTC: milliseconds since the local first of January 1970. */
type ZoneClock = { toLocal(instant: number): number; toInstant(local: number): number };

/** @throws RangeError for a zone that does not exist. */
function zoneClock(timeZone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

  function toLocal(instant: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1000) + 1000) % 1000);
  }

  /** The first instant at which the zone's clocks show `local` or later. */
  function toInstant(local: number): number {
    const candidates = [-MS.d, MS.d].map((away) => local - (toLocal(local + away) - (local + away)));
    const showing = candidates.filter((instant) => toLocal(instant) === local);
    if (showing.length > 0) return Math.min(...showing);
    // Never shown: the clocks jumped over it. By the offset before the jump it lies as far behind the jump as it lay in the gap.
    return jumpBefore(Math.max(...candidates), local);
  }

  function jumpBefore(after: number, local: number): number {
    let early = after - MS.d;
    let late = after;
    while (late - early > 1) {
      const middle = Math.floor((early + late) / 2);
      if (toLocal(middle) >= local) late = middle;
      else early = middle;
    }
    return late;
  }

  return { toLocal, toInstant };
}
