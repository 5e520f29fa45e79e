import { SlidingWindow } from './sliding-window.ts';

/** Windows of one length by key. Each new one pays for looking at two old ones, so that the empty never pile up. */
export class WindowMap {
  readonly #windowMs: number;
  readonly #windows = new Map<string, SlidingWindow>();
  #hand = this.#windows.entries();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  get size(): number {
    return this.#windows.size;
  }

  get(key: string): SlidingWindow | undefined {
    return this.#windows.get(key);
  }

  open(key: string, now: number): SlidingWindow {
    const found = this.#windows.get(key);
    if (found) return found;
    this.#sweepSome(now);
    const opened = new SlidingWindow(this.#windowMs);
    this.#windows.set(key, opened);
    return opened;
  }

  #sweepSome(now: number): void {
    for (let count = 0; count < 2; count += 1) {
      const { done, value } = this.#hand.next();
      if (done) {
        this.#hand = this.#windows.entries();
        return;
      }
      const [key, window] = value;
      if (window.isEmpty(now)) this.#windows.delete(key);
    }
  }
}
