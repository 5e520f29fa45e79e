import { afterEach, expect, it, vi } from 'vitest';
import { readRetryAfter } from './read-retry-after.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

it.each([['Sun, 06 Nov 1994 08:49:37 GMT'], ['Sunday, 06-Nov-94 08:49:37 GMT'], ['Sun Nov  6 08:49:37 1994']])(
  'reads each form of a date as GMT, wherever it runs: %s (P30)',
  (date) => {
    vi.useFakeTimers({ now: Date.UTC(1994, 10, 6, 8, 49, 27) });
    for (const zone of ['UTC', 'America/New_York', 'Asia/Kolkata']) {
      vi.stubEnv('TZ', zone);
      expect([zone, readRetryAfter({ 'retry-after': date })]).toEqual([zone, 10_000]);
    }
  },
);
