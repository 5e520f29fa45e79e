const CAPACITY = 20;
const PER_CALL = 0.1;
const PER_SECOND = 5;

/**
 * Keeps retries from storming an upstream that fails every call: one retry for every ten calls, and five a
 * second, with some in hand. A gateway with little to do never notices; a busy one adds a tenth, not twice, to the load.
 */
export class RetryBudget {
  readonly #now: () => number;
  #tokens = CAPACITY;
  #filledAt: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#filledAt = now();
  }

  /** For each call, tried for the first time. */
  deposit(): void {
    if (this.#tokens < CAPACITY) this.#tokens = Math.min(CAPACITY, this.#tokens + PER_CALL);
  }

  /** Takes a retry out, or says that there is none to be had now. */
  take(): boolean {
    const now = this.#now();
    this.#tokens = Math.min(CAPACITY, this.#tokens + ((now - this.#filledAt) / 1000) * PER_SECOND);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
