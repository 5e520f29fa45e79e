/** How soon what was seen is forgotten: after so long it weighs a third. */
const MEMORY_MS = 10_000;

/**
 * A moving average that believes bad news at once and good news slowly, so that a deployment that slows down is
 * left before many calls wait there. Weighed by age and not by count: an old value fades even when nothing comes.
 */
export class PeakEwma {
  #value: number | undefined;
  #at = 0;

  add(sample: number, now: number): void {
    if (this.#value === undefined || sample > this.#value) this.#value = sample;
    else {
      const weight = Math.exp(-(now - this.#at) / MEMORY_MS);
      this.#value = this.#value * weight + sample * (1 - weight);
    }
    this.#at = now;
  }

  /** Undefined before the first sample. A peak that nobody has confirmed for long fades, so that it is tried again. */
  valueAt(now: number): number | undefined {
    return this.#value === undefined ? undefined : this.#value * Math.exp(-Math.max(0, now - this.#at - MEMORY_MS) / (6 * MEMORY_MS));
  }
}
