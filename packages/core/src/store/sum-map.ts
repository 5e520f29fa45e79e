/** How long a counter is kept whose time is said to be over already: whoever says so goes by another clock. */
const KEPT_MS = 86_400_000;

type Sum = { amount: number; expiresAt: number };

/**
 * All-time counters by key: kept until they are back at zero, or until the time from which they may be forgotten.
 * Each new one pays for looking at two old ones, so that the forgotten never pile up.
 */
export class SumMap {
  readonly #sums = new Map<string, Sum>();
  #hand = this.#sums.entries();

  get size(): number {
    return this.#sums.size;
  }

  total(key: string, now: number): number {
    const sum = this.#sums.get(key);
    return sum === undefined || sum.expiresAt <= now ? 0 : sum.amount;
  }

  /** Answers the new total, which never falls below zero. */
  add(key: string, by: number, now: number, expiresAt = Infinity): number {
    const amount = Math.max(0, this.total(key, now) + by);
    const sum = this.#sums.get(key);
    const keptUntil = expiresAt > now ? expiresAt : now + KEPT_MS;
    if (amount === 0) this.#sums.delete(key);
    else if (sum) {
      sum.amount = amount;
      sum.expiresAt = keptUntil;
    } else {
      this.#sweepSome(now);
      this.#sums.set(key, { amount, expiresAt: keptUntil });
    }
    return amount;
  }

  #sweepSome(now: number): void {
    for (let count = 0; count < 2; count += 1) {
      const { done, value } = this.#hand.next();
      if (done) {
        this.#hand = this.#sums.entries();
        return;
      }
      const [key, { expiresAt }] = value;
      if (expiresAt <= now) this.#sums.delete(key);
    }
  }
}
