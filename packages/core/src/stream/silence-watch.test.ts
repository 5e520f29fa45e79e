import { afterEach, beforeEach, describe, expect, it, type Mock, vi } from 'vitest';
import { SilenceWatch, toTicks, type Watched } from './silence-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function silentFor(ms: number): Watched & { readonly onSilence: Mock<() => void> } {
  return { silentTicks: 0, mostSilentTicks: toTicks(ms), onSilence: vi.fn<() => void>() };
}

describe('SilenceWatch', () => {
  it('tells who has been silent for too long, never early, whenever they came', () => {
    const watch = new SilenceWatch();
    watch.add(silentFor(10_000));
    for (const headStartMs of [0, 7, 19]) {
      vi.advanceTimersByTime(headStartMs);
      const one = silentFor(100);
      watch.add(one);
      vi.advanceTimersByTime(99);
      expect(one.onSilence).not.toHaveBeenCalled();
      vi.advanceTimersByTime(41);
      expect(one.onSilence).toHaveBeenCalled();
    }
  });

  it('begins to count anew with each sign of life', () => {
    const watch = new SilenceWatch();
    const one = silentFor(100);
    watch.add(one);
    for (let sign = 0; sign < 10; sign += 1) {
      vi.advanceTimersByTime(90);
      one.silentTicks = 0;
    }
    expect(one.onSilence).not.toHaveBeenCalled();
  });

  it('leaves alone who has gone, and keeps no clock for nobody', () => {
    const watch = new SilenceWatch();
    const [gone, other] = [silentFor(100), silentFor(100)];
    const slot = watch.add(gone);
    watch.remove(slot);
    expect(watch.add(other)).toBe(slot);
    watch.remove(slot);
    vi.advanceTimersByTime(1000);
    expect(gone.onSilence).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes up again after a rest', () => {
    const watch = new SilenceWatch();
    watch.remove(watch.add(silentFor(100)));
    vi.advanceTimersByTime(1000);
    const one = silentFor(100);
    watch.add(one);
    vi.advanceTimersByTime(200);
    expect(one.onSilence).toHaveBeenCalled();
  });
});
