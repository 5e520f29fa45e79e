import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoTime } from './iso-time.ts';

test('says what toISOString says, in whatever order times come', () => {
  const from = Date.parse('1970-01-01T00:00:00Z');
  const to = Date.parse('2100-01-01T00:00:00Z');
  fc.assert(fc.property(fc.double({ min: from, max: to, noNaN: true }), (epochMs) => isoTime(epochMs) === new Date(epochMs).toISOString()));
  for (const epochMs of [0, 999, 1000, 1999.9, 1_000_000_000_007]) expect(isoTime(epochMs)).toBe(new Date(epochMs).toISOString());
});
