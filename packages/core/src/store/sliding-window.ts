const BUCKETS = 60;

type Bucket = {
  readonly index: number;
  /** When the latest entry came; the whole bucket counts until that one leaves the window. */
  last: number;
  amount: number;
};

/**
 * How much was counted in the window that ends now, over any window and not only those that start on a
 * minute. Entries share buckets of a sixtieth of the window, and a bucket counts until the youngest of its
 * entries is too old. So never too little is counted, and no entry for longer than a sixtieth of the window
 * beyond its time. At most 61 buckets are held, however much is counted.
 */
export class SlidingWindow {
  readonly #windowMs: number;
  readonly #bucketMs: number;
  /** Oldest first. */
  readonly #buckets: Bucket[] = [];
  #total = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
    this.#bucketMs = windowMs / BUCKETS;
  }

  total(now: number): number {
    this.#forget(now);
    return this.#total;
  }

  /** Answers the new total. */
  add(amount: number, now: number): number {
    const total = this.total(now) + amount;
    const index = Math.floor(now / this.#bucketMs);
    const newest = this.#buckets.at(-1);
    if (newest?.index === index) {
      newest.last = now;
      newest.amount += amount;
    } else {
      this.#buckets.push({ index, last: now, amount });
    }
    this.#total = total;
    return total;
  }

  /** Corrects what was counted at `at`; what has left the window since is beyond correction. */
  adjust(by: number, at: number, now: number): void {
    if (at + this.#windowMs <= now) return;
    this.#forget(now);
    const bucket = this.#bucketAt(at);
    const change = Math.max(by, -bucket.amount);
    bucket.amount += change;
    this.#total += change;
  }

  /** Milliseconds until `amount` fits under `limit` if nothing else is counted; nothing if it never will. */
  waitFor(amount: number, limit: number, now: number): number | undefined {
    let excess = this.total(now) + amount - limit;
    if (excess <= 0) return 0;
    for (const { amount: leaving, last } of this.#buckets) {
      excess -= leaving;
      if (excess <= 0) return last + this.#windowMs - now;
    }
    return undefined;
  }

  isEmpty(now: number): boolean {
    return this.total(now) === 0;
  }

  #forget(now: number): void {
    for (let oldest = this.#buckets[0]; oldest !== undefined && oldest.last + this.#windowMs <= now; oldest = this.#buckets[0]) {
      this.#total -= oldest.amount;
      this.#buckets.shift();
    }
  }

  #bucketAt(at: number): Bucket {
    const index = Math.floor(at / this.#bucketMs);
    let place = this.#buckets.length;
    while (place > 0 && (this.#buckets[place - 1] as Bucket).index >= index) place -= 1;
    const found = this.#buckets[place];
    if (found?.index === index) return found;
    const bucket = { index, last: at, amount: 0 };
    this.#buckets.splice(place, 0, bucket);
    return bucket;
  }
}
