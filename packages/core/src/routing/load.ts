import { SlidingWindow } from '../store/sliding-window.ts';
import type { Usage } from '../types/usage.ts';
import type { Load } from '../types/strategy.ts';
import { PeakEwma } from './peak-ewma.ts';

const MINUTE_MS = 60_000;
const TOKENS_OF_AN_ANSWER = 100;

/** One try, as it was seen from its beginning to its end. */
export type Sample = {
  readonly isStream: boolean;
  readonly durationMs: number;
  readonly firstTokenMs: number | undefined;
  readonly usage: Usage | undefined;
};

/** How busy and how fast one deployment is. Times are of the router's clock, which never goes back. */
export class DeploymentLoad implements Load {
  inFlight = 0;
  readonly #now: () => number;
  readonly #onFree: () => void;
  readonly #firstToken = new PeakEwma();
  readonly #answer = new PeakEwma();
  readonly #requests = new SlidingWindow(MINUTE_MS);
  readonly #tokens = new SlidingWindow(MINUTE_MS);

  /** `onFree` hears that a place has become free. */
  constructor(now: () => number, onFree: () => void) {
    this.#now = now;
    this.#onFree = onFree;
  }

  get firstTokenMs(): number | undefined {
    return this.#firstToken.valueAt(this.#now());
  }

  get answerMs(): number | undefined {
    return this.#answer.valueAt(this.#now());
  }

  get requests(): number {
    return this.#requests.total(this.#now());
  }

  get tokens(): number {
    return this.#tokens.total(this.#now());
  }

  begin(): void {
    this.inFlight += 1;
    this.#requests.add(1, this.#now());
  }

  /** Without a sample the try told nothing: its caller has left, or the request itself was at fault. */
  end(sample: Sample | undefined): void {
    this.inFlight -= 1;
    if (sample) this.#note(sample);
    this.#onFree();
  }

  #note(sample: Sample): void {
    const now = this.#now();
    const { inputTokens = 0, outputTokens = 0 } = sample.usage ?? {};
    if (inputTokens + outputTokens > 0) this.#tokens.add(inputTokens + outputTokens, now);
    if (sample.isStream) {
      if (sample.firstTokenMs !== undefined) this.#firstToken.add(sample.firstTokenMs, now);
    } else {
      this.#answer.add(sample.durationMs / Math.max(1, outputTokens / TOKENS_OF_AN_ANSWER), now);
    }
  }
}
