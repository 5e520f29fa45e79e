export type GuardOptions = {
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Hears once that Redis is away, and once that it is back. */
  readonly onChange: (state: 'away' | 'back', cause?: unknown) => void;
};

/** That a command was not even sent. */
export class RedisAwayError extends Error {}

const FAILURES_TO_OPEN = 5;
const PAUSE_MS = 1000;

/**
 * Keeps a Redis that is silent or gone from holding calls up: each command has a deadline, and after five failures in
 * a row commands fail at once, but for one a second that finds out whether Redis is back.
 */
export class Guard {
  readonly #options: GuardOptions;
  #failures = 0;
  #probeAt = 0;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** Runs a command. `onLate` gets what comes after its deadline, when nobody waits for it any more. */
  run<T>(command: () => Promise<T>, onLate?: (answer: T) => void): Promise<T> {
    if (this.#isOpen()) return Promise.reject(new RedisAwayError('Redis is away'));
    return new Promise<T>((resolve, reject) => {
      let isOver = false;
      const timer = setTimeout(() => {
        isOver = true;
        reject(this.#failed(new Error(`Redis has not answered within ${this.#options.timeoutMs} ms`)));
      }, this.#options.timeoutMs);
      command().then(
        (answer) => {
          clearTimeout(timer);
          this.#answered();
          if (isOver) onLate?.(answer);
          else resolve(answer);
        },
        (error: unknown) => {
          clearTimeout(timer);
          if (!isOver) reject(this.#failed(error));
        },
      );
    });
  }

  /** Whether commands fail at once. Lets one through when the pause is over, and pauses anew. */
  #isOpen(): boolean {
    if (this.#failures < FAILURES_TO_OPEN) return false;
    const now = performance.now();
    if (now < this.#probeAt) return true;
    this.#probeAt = now + PAUSE_MS;
    return false;
  }

  #answered(): void {
    if (this.#failures >= FAILURES_TO_OPEN) this.#options.onChange('back');
    this.#failures = 0;
  }

  #failed(error: unknown): unknown {
    this.#failures += 1;
    if (this.#failures === FAILURES_TO_OPEN) {
      this.#probeAt = performance.now() + PAUSE_MS;
      this.#options.onChange('away', error);
    }
    return error;
  }
}
