import { GatewayError, type SendOptions } from '@sluice/core';

/** The clocks of one call, and its way to be given up. */
export type Limits = {
  /** For the package: it gives up when the caller leaves or a clock runs out. */
  readonly signal: AbortSignal;
  /** What `work` comes to, unless the caller leaves or it takes longer than `ms`. */
  within<T>(work: PromiseLike<T>, ms: number): Promise<T>;
  /** Nobody wants the rest. */
  giveUp(): void;
};

/** A package may not listen to its signal at once, or at all; whoever waits here is let go all the same. */
export function limits({ signal: caller }: Pick<SendOptions, 'signal'>): Limits {
  const own = new AbortController();
  const leave = (): void => own.abort();
  if (caller.aborted) leave();
  else caller.addEventListener('abort', leave, { once: true });
  return {
    signal: own.signal,
    within(work, ms) {
      return new Promise((resolve, reject) => {
        const stop = (error: GatewayError): void => {
          own.abort();
          settle(() => reject(error));
        };
        const left = (): void => stop(new GatewayError('aborted', 'The caller has left'));
        const timer = setTimeout(() => stop(new GatewayError('upstream_timeout', 'The provider did not answer in time', { retryable: true })), ms);
        const settle = (then: () => void): void => {
          clearTimeout(timer);
          caller.removeEventListener('abort', left);
          then();
        };
        if (caller.aborted) left();
        else caller.addEventListener('abort', left, { once: true });
        work.then(
          (value) => settle(() => resolve(value)),
          (error: unknown) => settle(() => reject(error as Error)),
        );
      });
    },
    giveUp() {
      caller.removeEventListener('abort', leave);
      own.abort();
    },
  };
}
