import { describe, expect, it } from 'vitest';
import { Context } from '../pipeline/context.ts';
import { ActiveCalls } from './active-calls.ts';

function context(): Context {
  return new Context({ id: 'call', operation: 'chat', request: { model: 'm' }, source: { credentials: [] }, controller: new AbortController() });
}

describe('ActiveCalls', () => {
  it('is idle only when the last call has left, deferred work included', async () => {
    const calls = new ActiveCalls();
    const [one, two] = [calls.enter(context()), calls.enter(context())];
    let isIdle = false;
    const idle = calls.idle().then(() => (isIdle = true));
    calls.vacate(one);
    calls.vacate(two);
    calls.leave();
    await Promise.resolve();
    expect(isIdle).toBe(false);
    calls.leave();
    await idle;
    expect(isIdle).toBe(true);
  });

  it('cuts the calls without an outcome and leaves the others alone', () => {
    const calls = new ActiveCalls();
    const [ended, running] = [context(), context()];
    calls.vacate(calls.enter(ended));
    calls.enter(running);
    calls.abort(new Error('closing'));
    expect(ended.signal.aborted).toBe(false);
    expect(running.signal.reason).toEqual(new Error('closing'));
  });

  it('gives a free slot to the next call', () => {
    const calls = new ActiveCalls();
    const slot = calls.enter(context());
    calls.vacate(slot);
    expect(calls.enter(context())).toBe(slot);
  });

  it('waits for nobody when nobody came', async () => {
    await new ActiveCalls().idle();
  });
});
