import type { ModelRegistry } from '../models/model-registry.ts';
import type { Store } from '../store/store.ts';
import type { Deployment } from '../types/model.ts';
import type { DeploymentBook } from './deployment-book.ts';

export type SharedCooldownsOptions = {
  readonly store: Store;
  readonly book: DeploymentBook;
  readonly models: ModelRegistry;
  readonly onError: (error: unknown) => void;
  /** How often the others are asked, in milliseconds. Default 500. */
  readonly everyMs?: number;
  /** Milliseconds since the epoch; the instances' clocks have to agree. */
  readonly wallClock?: () => number;
};

const KEY = 'router:cooldowns';
const TTL_MS = 120_000;

/**
 * Tells the other instances which deployments are passed over, and hears it from them. One value in the store, which
 * each instance makes true again when another has overwritten it: of two deadlines the later one stands. No call
 * waits for it. Deployments behind a wildcard name are each instance's own.
 */
export class SharedCooldowns {
  readonly #options: SharedCooldownsOptions;
  readonly #timer: NodeJS.Timeout;
  #isUnderWay = false;
  #hasFailed = false;

  constructor(options: SharedCooldownsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.exchange(), options.everyMs ?? 500).unref();
  }

  /** Once now, because something has changed here or it is time to ask. */
  async exchange(): Promise<void> {
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    try {
      const { store } = this.#options;
      const told = readTold(await store.get(KEY));
      const merged = this.#merge(told);
      if (merged) await store.set(KEY, JSON.stringify(merged), { ttlMs: TTL_MS });
      this.#hasFailed = false;
    } catch (error) {
      // Said once an outage: this goes on twice a second.
      if (!this.#hasFailed && !this.#options.store.tellsOutages) this.#options.onError(error);
      this.#hasFailed = true;
    } finally {
      this.#isUnderWay = false;
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Takes over what others know, and answers what to tell them, where they know less. */
  #merge(told: ReadonlyMap<string, number>): Record<string, number> | undefined {
    const { book, wallClock = Date.now } = this.#options;
    const offset = wallClock() - book.now();
    const now = wallClock();
    const merged = new Map([...told].filter(([, until]) => until > now));
    let knowsMore = false;
    for (const deployment of this.#deployments()) {
      const theirs = merged.get(deployment.id) ?? 0;
      const breaker = theirs > now ? book.open(deployment) : book.breaker(deployment);
      if (theirs > now) breaker?.openUntil(theirs - offset);
      const ours = breaker && breaker.until > 0 ? Math.round(breaker.until + offset) : 0;
      if (ours <= Math.max(now, theirs + 1)) continue;
      merged.set(deployment.id, ours);
      knowsMore = true;
    }
    return knowsMore ? Object.fromEntries(merged) : undefined;
  }

  #deployments(): readonly Deployment[] {
    return this.#options.models.groups.flatMap(({ name, deployments }) => (name.includes('*') ? [] : deployments));
  }
}

function readTold(text: string | undefined): Map<string, number> {
  if (text === undefined) return new Map();
  const told: unknown = JSON.parse(text);
  if (typeof told !== 'object' || told === null) return new Map();
  return new Map(Object.entries(told).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}
