import type { Alert, AlertType } from './alert.ts';

export type AlertBoardOptions = {
  /** Sends the text to where alerts of these types go. */
  readonly post: (text: string, type: AlertType) => Promise<void>;
  /** Shortest time between two messages, in milliseconds. */
  readonly everyMs: number;
  /** How long what was told is only counted when it happens again, in milliseconds. */
  readonly repeatAfterMs: number;
  /** What goes to one address goes into one message. */
  readonly addressOf: (type: AlertType) => string;
  readonly now?: () => number;
};

type Entry = { readonly alert: Alert; count: number; toldAt: number };

/** Whatever else there is, is counted. */
const MOST_KEPT = 200;
const MOST_LINES = 20;

/** Gathers alerts, tells each of them once in a while with how often it came, and never sends more than a message in a while. */
export class AlertBoard {
  readonly #options: AlertBoardOptions;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  #left = 0;
  #sentAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;

  constructor(options: AlertBoardOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  add(alert: Alert): void {
    const name = `${alert.type} ${alert.key}`;
    const known = this.#entries.get(name);
    if (known) known.count += 1;
    else if (this.#entries.size >= MOST_KEPT && !this.#forgetOne()) this.#left += 1;
    else this.#entries.set(name, { alert, count: 1, toldAt: -Infinity });
  }

  /** Sends what is due now, or has a timer do so. @throws what sending throws; what was not sent waits for the next time. */
  async tell(): Promise<void> {
    if (this.#due().length === 0) return;
    const waitMs = this.#sentAt + this.#options.everyMs - this.#now();
    if (waitMs <= 0) return this.flush();
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.flush().catch(() => undefined);
    }, waitMs).unref();
  }

  /** Sends all that is due, at once. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#sending;
    this.#sending = this.#send();
    try {
      await this.#sending;
    } finally {
      this.#sending = undefined;
    }
  }

  async #send(): Promise<void> {
    const due = this.#due();
    if (due.length === 0) return;
    this.#sentAt = this.#now();
    const byAddress = new Map<string, Entry[]>();
    for (const entry of due) {
      const address = this.#options.addressOf(entry.alert.type);
      byAddress.set(address, [...(byAddress.get(address) ?? []), entry]);
    }
    for (const entries of byAddress.values()) await this.#post(entries);
  }

  async #post(entries: readonly Entry[]): Promise<void> {
    const counts = entries.map(({ count }) => count);
    const lines = entries.slice(0, MOST_LINES).map(({ alert, count }) => (count > 1 ? `${alert.text} (${count} times)` : alert.text));
    const more = entries.length - lines.length + this.#left;
    if (more > 0) lines.push(`and ${more} more alerts`);
    await this.#options.post(lines.join('\n'), (entries[0] as Entry).alert.type);
    this.#left = 0;
    const now = this.#now();
    for (const [index, entry] of entries.entries()) {
      entry.count -= counts[index] as number;
      entry.toldAt = now;
    }
  }

  #due(): Entry[] {
    const before = this.#now() - this.#options.repeatAfterMs;
    return [...this.#entries.values()].filter(({ count, toldAt }) => count > 0 && toldAt <= before);
  }

  /** One that was told long ago and has not come again. */
  #forgetOne(): boolean {
    const before = this.#now() - this.#options.repeatAfterMs;
    for (const [name, { count, toldAt }] of this.#entries) {
      if (count > 0 || toldAt > before) continue;
      this.#entries.delete(name);
      return true;
    }
    return false;
  }
}
