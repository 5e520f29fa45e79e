/** Doubling, for a minute in all. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000] as const;

/** Does `work` a few times at growing distances once it is started, and from the beginning when it is started again. Keeps no process alive. */
export class Rounds {
  readonly #work: () => Promise<void>;
  #next: number = PAUSES_MS.length;
  #timer: NodeJS.Timeout | undefined;
  #isWorking = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Whether it will be done again. */
  get hasMore(): boolean {
    return this.#next < PAUSES_MS.length;
  }

  start(): void {
    this.#next = 0;
    if (!this.#isWorking) this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const pauseMs = PAUSES_MS[this.#next];
    if (pauseMs === undefined) return;
    this.#next += 1;
    this.#timer = setTimeout(() => void this.#go(), pauseMs).unref();
  }

  async #go(): Promise<void> {
    this.#isWorking = true;
    await this.#work();
    this.#isWorking = false;
    this.#wait();
  }
}
