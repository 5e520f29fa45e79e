import { describe, expect, test } from 'vitest';
import { lengthMs, periodFinder, readLength } from './budget-period.ts';

const at = (text: string): number => Date.parse(text);

describe('the edges of a period', () => {
  test.each<[string, string, string, string, string]>([
    ['30s', 'UTC', '2026-03-04T10:20:31Z', '2026-03-04T10:20:30Z', '2026-03-04T10:21:00Z'],
    ['5m', 'UTC', '2026-03-04T10:22:31Z', '2026-03-04T10:20:00Z', '2026-03-04T10:25:00Z'],
    ['2h', 'UTC', '2026-03-04T11:22:31Z', '2026-03-04T10:00:00Z', '2026-03-04T12:00:00Z'],
    ['48h', 'UTC', '2026-03-04T11:22:31Z', '2026-03-04T00:00:00Z', '2026-03-06T00:00:00Z'],
    ['1d', 'UTC', '2026-03-04T10:20:00Z', '2026-03-04T00:00:00Z', '2026-03-05T00:00:00Z'],
    ['1d', 'America/New_York', '2026-03-04T04:59:59Z', '2026-03-03T05:00:00Z', '2026-03-04T05:00:00Z'],
    ['1w', 'UTC', '2026-03-04T10:20:00Z', '2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z'],
    ['7d', 'UTC', '2026-03-04T10:20:00Z', '2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z'],
    ['1mo', 'Asia/Kolkata', '2026-02-28T18:29:59Z', '2026-01-31T18:30:00Z', '2026-02-28T18:30:00Z'],
    ['30d', 'UTC', '2026-02-11T00:00:00Z', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'],
    ['3mo', 'UTC', '2026-05-11T00:00:00Z', '2026-04-01T00:00:00Z', '2026-07-01T00:00:00Z'],
    // A day of 23 hours, one of 25, and one whose midnight does not exist.
    ['1d', 'Europe/Berlin', '2026-03-29T10:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['1d', 'Europe/Berlin', '2026-10-25T10:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ['1d', 'Africa/Cairo', '2026-04-24T10:00:00Z', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z'],
  ])('%s in %s at %s', (length, timeZone, now, startsAt, endsAt) => {
    expect(periodFinder({ length, timeZone })(at(now))).toMatchObject({ startsAt: at(startsAt), endsAt: at(endsAt) });
  });

  test('a time of day moves them', () => {
    const find = periodFinder({ length: '1d', timeZone: 'Europe/Berlin', resetAt: '06:30' });
    expect(find(at('2026-06-02T04:29:59Z'))).toMatchObject({ startsAt: at('2026-06-01T04:30:00Z'), endsAt: at('2026-06-02T04:30:00Z') });
    expect(find(at('2026-06-02T04:30:00Z'))).toMatchObject({ startsAt: at('2026-06-02T04:30:00Z') });
  });
});

describe('P10: periods follow each other without a gap, each once', () => {
  const zones = ['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/Santiago'];
  test.each(zones.flatMap((zone) => ['1d', '1w', '1mo'].map((length) => [zone, length] as const)))('ten years in %s, %s', (timeZone, length) => {
    const find = periodFinder({ length, timeZone });
    const wallClock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
    const seen = new Set<string>();
    let now = at('2026-01-01T12:00:00Z');
    let edge = find(now).startsAt;
    while (now < at('2036-01-01T00:00:00Z')) {
      const period = find(now);
      expect(period.startsAt).toBe(edge);
      expect(seen.has(period.id)).toBe(false);
      seen.add(period.id);
      expect(period.endsAt).toBeGreaterThan(period.startsAt);
      // Midnight, or, where the clocks jump over it, the first moment after.
      expect(['00:00:00', '01:00:00']).toContain(wallClock.format(period.startsAt));
      expect(Number(wallClock.format(period.startsAt - 1000).slice(0, 2))).toBeGreaterThanOrEqual(23);
      expect(find(period.endsAt - 1)).toEqual(period);
      edge = period.endsAt;
      now = period.endsAt;
    }
  });
});

test('a clock that jumps forth and back finds the same periods again', () => {
  const find = periodFinder({ length: '1d' });
  const first = find(at('2026-01-10T10:00:00Z'));
  expect(find(at('2026-02-19T10:00:00Z')).id).not.toBe(first.id);
  expect(find(at('2026-01-10T08:00:00Z'))).toEqual(first);
});

test.each(['', '1', 'd', '0d', '1.5h', '1hr', '-1d', '1 d', '1M'])("'%s' is no length", (text) => {
  expect(readLength(text)).toBeUndefined();
});

test.each([
  ['30s', 30_000],
  ['1w', 604_800_000],
  ['1mo', 2_592_000_000],
  ['30d', 2_592_000_000],
])('%s rolls over %d ms', (text, ms) => {
  expect(lengthMs(text)).toBe(ms);
});
