import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import { WaitingLine } from './waiting-line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('WaitingLine', () => {
  function setUp(options: ConstructorParameters<typeof WaitingLine>[0] = {}) {
    const line = new WaitingLine(options);
    const served: string[] = [];
    let places = 0;
    const join = (name: string, priority = 0, controller = new LazyAbortController()) =>
      line.wait({ priority, controller, take: () => (places > 0 ? ((places -= 1), name) : undefined) }).then(
        (got) => void served.push(got),
        (error: { code: string }) => void served.push(`${name}: ${error.code}`),
      );
    const free = async (count = 1) => {
      places += count;
      line.wake();
      await vi.advanceTimersByTimeAsync(0);
    };
    return { line, served, join, free };
  }

  it('serves by priority, and equals in the order they came', async () => {
    const { served, join, free } = setUp();
    void join('later', 5);
    void join('first', 0);
    void join('second', 0);
    void join('urgent', -1);
    await free();
    await free(3);
    expect(served).toEqual(['urgent', 'first', 'second', 'later']);
  });

  it('takes so many and lets them wait so long', async () => {
    const { line, served, join } = setUp({ maxLength: 2, maxWaitMs: 1_000 });
    void join('a');
    void join('b');
    void join('c');
    await vi.advanceTimersByTimeAsync(0);
    expect(served).toEqual(['c: deployments_busy']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(served).toEqual(['c: deployments_busy', 'a: deployments_busy', 'b: deployments_busy']);
    expect([line.length, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('forgets callers who leave (P19)', async () => {
    const { line, served, join, free } = setUp();
    const controller = new LazyAbortController();
    void join('leaver', 0, controller);
    void join('stayer');
    controller.abort();
    await free();
    expect(served).toEqual(['leaver: aborted', 'stayer']);
    expect([line.length, vi.getTimerCount()]).toEqual([0, 0]);
  });
});
