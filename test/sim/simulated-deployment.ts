import { type Context, costOf, type Deployment, GatewayError, type Reply, type Usage } from '@sluice/core';
import type { SimulatedCall } from './simulated-call.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How a deployment behaves. Times in milliseconds. */
export type Nature = {
  /** Before the first token, and for each token after it. */
  readonly firstMs: number;
  readonly tokenMs: number;
  /** Calls that it works on at the same time; further ones wait inside of it. */
  readonly places: number;
  /** How much later than others one of a hundred calls begins, and how many of a hundred do. */
  readonly lateMs?: number;
  readonly latePercent?: number;
  /** How many times slower it is at a moment. */
  slowness?(now: number): number;
  /** Whether it refuses every call at a moment. */
  isDown?(now: number): boolean;
  /** Further milliseconds for where a caller is. */
  distanceMs?(call: SimulatedCall): number;
  /** What it can answer rightly: calls up to this difficulty, of its topics. */
  readonly skill?: number;
  readonly topics?: readonly string[];
};

export type SimulatedAnswer = { readonly usage: Usage; readonly costNanoUsd: number; readonly isRight: boolean; readonly wasCached: boolean };

const MINUTE_MS = 60_000;
/** How long providers keep a prompt, and how much of it. */
const CACHE_MS = 300_000;
const CACHED_SHARE = 0.9;

/** A provider in virtual time: it has a speed, places, limits and outages, and is paid. */
export class SimulatedDeployment {
  readonly deployment: Deployment;
  readonly #nature: Nature;
  readonly #time: VirtualTime;
  readonly #random: () => number;
  readonly #waiting: (() => void)[] = [];
  readonly #prompts = new Map<string, number>();
  #busy = 0;
  #minute: { at: number; tokens: number }[] = [];
  #tokens = 0;
  refused = 0;

  constructor(deployment: Deployment, nature: Nature, time: VirtualTime, random: () => number) {
    this.deployment = deployment;
    this.#nature = nature;
    this.#time = time;
    this.#random = random;
  }

  ask(call: SimulatedCall): Promise<SimulatedAnswer> {
    if (this.#nature.isDown?.(this.#time.now)) return this.#refuse('upstream_overloaded', undefined);
    const waitMs = this.#admit(call);
    if (waitMs > 0) return this.#refuse('upstream_rate_limited', waitMs);
    return new Promise((resolve) => {
      const start = (): void => {
        this.#busy += 1;
        const wasCached = this.#remembers(call);
        this.#time.after(this.#serviceMs(call, wasCached), () => {
          this.#busy -= 1;
          this.#waiting.shift()?.();
          resolve(this.#answer(call, wasCached));
        });
      };
      if (this.#busy < this.#nature.places) start();
      else this.#waiting.push(start);
    });
  }

  /** The same as a stream: it is there with its first token and over with its last. Who does not wait for the first is not told more. */
  stream(call: SimulatedCall, asked: Context): Promise<Reply> {
    const { firstMs, tokenMs, lateMs = 0, latePercent = 0 } = this.#nature;
    const lateness = this.#random() * 100 < latePercent ? lateMs : 0;
    const luck = this.#luck();
    return new Promise((resolve, reject) => {
      const begin = this.#time.after(firstMs * luck + lateness, () => {
        asked.controller.offAbort(leave);
        resolve({ kind: 'stream', batches: this.#told(call, asked, tokenMs * luck * call.outputTokens) });
      });
      const leave = (): void => {
        begin.run = undefined;
        reject(new GatewayError('aborted', 'nobody waits any more'));
      };
      asked.controller.onAbort(leave);
    });
  }

  async *#told(call: SimulatedCall, asked: Context, ms: number): AsyncGenerator<{ events: [] }> {
    await new Promise<void>((resolve) => this.#time.after(ms, resolve));
    const { usage, costNanoUsd } = this.#answer(call, false);
    Object.assign(asked, { usage, costNanoUsd });
    yield { events: [] };
  }

  #refuse(code: 'upstream_overloaded' | 'upstream_rate_limited', retryAfterMs: number | undefined): Promise<never> {
    this.refused += 1;
    // A refusal takes its way there and back.
    return new Promise((_, reject) => {
      this.#time.after(20, () => reject(new GatewayError(code, code, { retryable: true, ...(retryAfterMs !== undefined && { retryAfterMs }) })));
    });
  }

  /** Takes the call in, or answers how long there is no room for it in the last minute. */
  #admit({ inputTokens, outputTokens }: SimulatedCall): number {
    const { requestsPerMinute = Number.POSITIVE_INFINITY, tokensPerMinute = Number.POSITIVE_INFINITY } = this.deployment;
    if (requestsPerMinute === Number.POSITIVE_INFINITY && tokensPerMinute === Number.POSITIVE_INFINITY) return 0;
    const now = this.#time.now;
    const gone = this.#minute.findIndex(({ at }) => at > now - MINUTE_MS);
    for (const { tokens } of this.#minute.splice(0, gone < 0 ? this.#minute.length : gone)) this.#tokens -= tokens;
    const tokens = inputTokens + outputTokens;
    const [oldest] = this.#minute;
    if (oldest && (this.#minute.length >= requestsPerMinute || this.#tokens + tokens > tokensPerMinute)) return oldest.at + MINUTE_MS - now;
    this.#minute.push({ at: now, tokens });
    this.#tokens += tokens;
    return 0;
  }

  #remembers({ session }: SimulatedCall): boolean {
    const seen = this.#prompts.get(session);
    this.#prompts.set(session, this.#time.now);
    return seen !== undefined && this.#time.now - seen < CACHE_MS;
  }

  #serviceMs(call: SimulatedCall, wasCached: boolean): number {
    const { firstMs, tokenMs, slowness, distanceMs } = this.#nature;
    const ownMs = firstMs * (wasCached ? 0.4 : 1) + tokenMs * call.outputTokens;
    return ownMs * this.#luck() * (slowness?.(this.#time.now) ?? 1) + (distanceMs?.(call) ?? 0);
  }

  /** Between 0.7 and 1.5, mostly near one. */
  #luck(): number {
    return 0.7 + 0.4 * (this.#random() + this.#random());
  }

  #answer({ inputTokens, outputTokens, difficulty, topic }: SimulatedCall, wasCached: boolean): SimulatedAnswer {
    const { skill = Number.POSITIVE_INFINITY, topics } = this.#nature;
    const usage: Usage = { inputTokens, outputTokens, ...(wasCached && { cachedInputTokens: Math.round(inputTokens * CACHED_SHARE) }) };
    const { price } = this.deployment;
    return {
      usage,
      costNanoUsd: price ? costOf(usage, price) : 0,
      isRight: difficulty <= skill && (topics === undefined || topics.includes(topic)),
      wasCached,
    };
  }
}
