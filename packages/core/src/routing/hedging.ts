import type { HedgeOptions } from '../types/hedge.ts';

/** What was seen last: enough for the 99th of a hundred, few enough to follow a day's ups and downs. */
const SAMPLES = 256;
/** With fewer nobody knows what is slow. */
const LEAST_SAMPLES = 20;
const REVIEWED_EVERY = 16;
/** Hedges in hand at most, so that a quiet hour is not saved up for a storm. */
const MOST_IN_HAND = 10;

/** When a call of a group is late, and whether there is a second answer left to be asked for. */
export class Hedging {
  readonly #options: HedgeOptions;
  readonly #samples: number[] = [];
  #count = 0;
  #lateMs: number | undefined;
  #inHand = 1;

  constructor(options: HedgeOptions) {
    this.#options = options;
  }

  get maxCostNanoUsd(): number | undefined {
    return this.#options.maxCostNanoUsd;
  }

  /** How long to wait for a first token before somebody else is asked. Undefined while too little was seen. */
  get delayMs(): number | undefined {
    return this.#lateMs === undefined ? undefined : Math.max(this.#options.minDelayMs ?? 50, this.#lateMs);
  }

  /** A call has begun that may be asked a second time. */
  deposit(): void {
    this.#inHand = Math.min(MOST_IN_HAND, this.#inHand + (this.#options.maxPercent ?? 5) / 100);
  }

  get hasSome(): boolean {
    return this.#inHand >= 1;
  }

  take(): void {
    this.#inHand -= 1;
  }

  /** Whether a second answer may cost as much; one whose cost nobody knows only where any may. */
  mayCost(nanoUsd: number | undefined): boolean {
    const { maxCostNanoUsd } = this.#options;
    return maxCostNanoUsd === undefined || (nanoUsd !== undefined && nanoUsd <= maxCostNanoUsd);
  }

  /** How long the first token has taken, or how long at least where it has not come. */
  note(firstTokenMs: number): void {
    this.#samples[this.#count % SAMPLES] = firstTokenMs;
    this.#count += 1;
    if (this.#samples.length < LEAST_SAMPLES || (this.#lateMs !== undefined && this.#count % REVIEWED_EVERY !== 0)) return;
    const sorted = [...this.#samples].sort((a, b) => a - b);
    this.#lateMs = sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * (this.#options.percentile ?? 95)) / 100) - 1)];
  }
}
