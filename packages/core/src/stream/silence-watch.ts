import { Slots } from './slots.ts';

const TICK_MS = 20;

/** Something from which a sign of life is due. Each sign sets `silentTicks` back to 0. */
export type Watched = {
  silentTicks: number;
  readonly mostSilentTicks: number;
  onSilence(): void;
};

/**
 * Tells those that have been silent for too long: never early, and late by two ticks at most. One clock for all,
 * which costs a call nothing but two numbers; timers of its own, set, put off and cleared again, cost a twentieth of
 * it. While the loop is blocked no tick is counted: what nobody could hear was not silence.
 */
export class SilenceWatch {
  readonly #watched = new Slots<Watched>();
  #clock: NodeJS.Timeout | undefined;

  /** The slot is to be given back to {@link remove}. */
  add(watched: Watched): number {
    this.#clock ??= setInterval(() => this.#tick(), TICK_MS).unref();
    return this.#watched.add(watched);
  }

  remove(slot: number): void {
    this.#watched.remove(slot);
  }

  #tick(): void {
    this.#watched.forEach(countTick);
    if (!this.#watched.isEmpty) return;
    clearInterval(this.#clock);
    this.#clock = undefined;
  }
}

export function toTicks(ms: number): number {
  return Math.ceil(ms / TICK_MS);
}

function countTick(watched: Watched): void {
  watched.silentTicks += 1;
  if (watched.silentTicks > watched.mostSilentTicks) watched.onSilence();
}
