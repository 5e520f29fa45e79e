import { Slots } from './slots.ts';

const TICK_MS = 20;
/** As much of the time between two ticks is counted. */
const LONGEST_MS = 2 * TICK_MS;

/** Something from which a sign of life is due. Each sign sets `silentTicks` back to 0. */
export type Watched = {
  silentTicks: number;
  readonly mostSilentTicks: number;
  onSilence(): void;
};

/**
 * Tells those that have been silent for too long: never early, and late by three ticks at most. One clock for all,
 * which costs a call nothing but two numbers; timers of its own, set, put off and cleared again, cost a twentieth of
 * it. Ticks that come late count for the time that has passed, but for no more than two: while the loop is blocked,
 * what nobody could hear was not silence.
 */
export class SilenceWatch {
  readonly #watched = new Slots<Watched>();
  #clock: NodeJS.Timeout | undefined;
  #countedAt = 0;
  #uncountedMs = 0;

  /** The slot is to be given back to {@link remove}. */
  add(watched: Watched): number {
    if (!this.#clock) {
      this.#clock = setInterval(() => this.#tick(), TICK_MS).unref();
      this.#countedAt = performance.now();
      this.#uncountedMs = 0;
    }
    return this.#watched.add(watched);
  }

  remove(slot: number): void {
    this.#watched.remove(slot);
  }

  #tick(): void {
    const ticks = this.#takeTicks();
    this.#watched.forEach((watched) => count(watched, ticks));
    if (!this.#watched.isEmpty) return;
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  #takeTicks(): number {
    const now = performance.now();
    this.#uncountedMs += Math.min(now - this.#countedAt, LONGEST_MS);
    this.#countedAt = now;
    const ticks = Math.floor(this.#uncountedMs / TICK_MS);
    this.#uncountedMs -= ticks * TICK_MS;
    return ticks;
  }
}

/** With one more than the time takes: who comes just before a tick that is late is counted both of its ticks. */
export function toTicks(ms: number): number {
  return Math.ceil(ms / TICK_MS) + 1;
}

function count(watched: Watched, ticks: number): void {
  watched.silentTicks += ticks;
  if (watched.silentTicks > watched.mostSilentTicks) watched.onSilence();
}
