import { describe, expect, it } from 'vitest';
import { LazyAbortController } from './lazy-abort-controller.ts';

describe('LazyAbortController', () => {
  it('aborts a signal that was asked for before', () => {
    const controller = new LazyAbortController();
    const { signal } = controller;
    controller.abort('left');
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBe('left');
  });

  it('hands out an aborted signal afterwards, always the same one', () => {
    const controller = new LazyAbortController();
    controller.abort();
    expect(controller.signal.aborted).toBe(true);
    expect(controller.signal.reason).toMatchObject({ name: 'AbortError' });
    expect(controller.signal.reason).toBe(controller.reason);
    expect(controller.signal).toBe(controller.signal);
  });

  it('calls each listener once, and none that was taken away', () => {
    const controller = new LazyAbortController();
    const heard: string[] = [];
    const never = (): void => void heard.push('never');
    controller.onAbort(() => heard.push('one'));
    controller.onAbort(never);
    controller.offAbort(never);
    controller.abort();
    controller.abort();
    controller.onAbort(never);
    expect(heard).toEqual(['one']);
  });

  it('keeps the first reason', () => {
    const controller = new LazyAbortController();
    controller.abort('first');
    controller.abort('second');
    expect(controller.reason).toBe('first');
  });

  it('is one door with the AbortController it was made of, from both sides', () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const [lazyOne, lazyOther] = [LazyAbortController.of(one), LazyAbortController.of(other)];
    one.abort('from outside');
    lazyOther.abort('from inside');
    expect(lazyOne.reason).toBe('from outside');
    expect(other.signal.reason).toBe('from inside');
    expect(lazyOther.signal).toBe(other.signal);
  });

  it('is aborted at once when made of one that already is', () => {
    const aborted = new AbortController();
    aborted.abort('long ago');
    expect(LazyAbortController.of(aborted).isAborted).toBe(true);
  });
});
