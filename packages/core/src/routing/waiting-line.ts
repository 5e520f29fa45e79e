import { GatewayError } from '../errors/gateway-error.ts';
import type { LazyAbortController } from '../stream/lazy-abort-controller.ts';

export type WaitingLineOptions = {
  /** Calls that wait at the same time; 0 refuses at once. Default 100. */
  readonly maxLength?: number | undefined;
  /** Default 30,000. */
  readonly maxWaitMs?: number | undefined;
};

export type Waiting<T> = {
  /** Lower goes sooner; equals in the order they came. */
  readonly priority: number;
  readonly controller: LazyAbortController;
  /** Takes a place when one of those it wants is free. Asked again whenever a place becomes free. */
  take(): T | undefined;
};

type Entry = { readonly priority: number; readonly order: number; tryNow(): boolean };

/** Where calls wait for a place, by priority, for so long at most and so many at most. Nobody looks for one in between. */
export class WaitingLine {
  #options: WaitingLineOptions;
  #entries: Entry[] = [];
  #count = 0;

  constructor(options: WaitingLineOptions = {}) {
    this.#options = options;
  }

  /** For those who come from now on. */
  configure(options: WaitingLineOptions = {}): void {
    this.#options = options;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** @throws GatewayError `deployments_busy` when the line or the wait is too long, `aborted` when the caller leaves. */
  wait<T>({ priority, controller, take }: Waiting<T>): Promise<T> {
    const { maxLength = 100, maxWaitMs = 30_000 } = this.#options;
    if (this.#entries.length >= maxLength) return Promise.reject(busy('too many calls wait for one'));
    return new Promise((resolve, reject) => {
      const entry: Entry = {
        priority,
        order: this.#count++,
        tryNow: () => {
          const taken = take();
          if (taken === undefined) return false;
          leave();
          resolve(taken);
          return true;
        },
      };
      const leave = (): void => {
        clearTimeout(timer);
        controller.offAbort(quit);
        this.#entries = this.#entries.filter((other) => other !== entry);
      };
      const quit = (): void => {
        leave();
        reject(new GatewayError('aborted', 'The caller has left'));
      };
      const timer = setTimeout(() => {
        leave();
        reject(busy(`none has become free within ${maxWaitMs} ms`));
      }, maxWaitMs);
      controller.onAbort(quit);
      this.#insert(entry);
      if (controller.isAborted) quit();
    });
  }

  /** A place has become free. */
  wake(): void {
    if (this.#entries.length === 0) return;
    for (const entry of [...this.#entries]) entry.tryNow();
  }

  #insert(entry: Entry): void {
    const at = this.#entries.findIndex(({ priority }) => priority > entry.priority);
    if (at < 0) this.#entries.push(entry);
    else this.#entries.splice(at, 0, entry);
  }
}

function busy(reason: string): GatewayError {
  return new GatewayError('deployments_busy', `Every deployment has as many calls under way as it may, and ${reason}`, {
    retryable: true,
    retryAfterMs: 1_000,
  });
}
