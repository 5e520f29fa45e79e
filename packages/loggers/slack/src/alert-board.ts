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

/** What goes to one address, and how many more alerts there were. */
type Box = { readonly entries: Map<string, Entry>; left: number };

/** For one address. Whatever else there is, is counted. */
const MOST_KEPT = 200;
const MOST_LINES = 20;

/** Gathers alerts, tells each of them once in a while with how often it came, and never sends more than a message in a while. */
export class AlertBoard {
  readonly #options: AlertBoardOptions;
  readonly #now: () => number;
  readonly #boxes = new Map<string, Box>();
  #sentAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;

  constructor(options: AlertBoardOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  add(alert: Alert): void {
    const box = this.#boxOf(alert.type);
    const name = `${alert.type} ${alert.key}`;
    const known = box.entries.get(name);
    if (known) known.count += 1;
    else if (box.entries.size >= MOST_KEPT && !this.#forgetOne(box)) box.left += 1;
    else box.entries.set(name, { alert, count: 1, toldAt: -Infinity });
  }

  /** Sends what is due now, or has a timer do so. @throws what sending throws; what was not sent waits for the next time. */
  async tell(): Promise<void> {
    if (this.#dueBoxes().length === 0) return;
    const waitMs = this.#sentAt + this.#options.everyMs - this.#now();
    if (waitMs <= 0) return this.flush();
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.flush().catch(() => undefined);
    }, waitMs).unref();
  }

  /** Sends all that is due, at once. @throws as {@link tell}, once every address has been tried. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // Of several who wait, one is first to go on, and the others have to wait for that one as well.
    while (this.#sending) await this.#sending.catch(() => undefined);
    this.#sending = this.#send();
    try {
      await this.#sending;
    } finally {
      this.#sending = undefined;
    }
  }

  async #send(): Promise<void> {
    const boxes = this.#dueBoxes();
    if (boxes.length === 0) return;
    this.#sentAt = this.#now();
    const answers = await Promise.allSettled(boxes.map((box) => this.#post(box)));
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #post(box: Box): Promise<void> {
    const entries = this.#due(box);
    const { left } = box;
    const counts = entries.map(({ count }) => count);
    const lines = entries.slice(0, MOST_LINES).map(({ alert, count }) => (count > 1 ? `${alert.text} (${count} times)` : alert.text));
    const more = entries.length - lines.length + left;
    if (more > 0) lines.push(`and ${more} more alerts`);
    await this.#options.post(lines.join('\n'), (entries[0] as Entry).alert.type);
    box.left -= left;
    const now = this.#now();
    for (const [index, entry] of entries.entries()) {
      entry.count -= counts[index] as number;
      entry.toldAt = now;
    }
  }

  #boxOf(type: AlertType): Box {
    const address = this.#options.addressOf(type);
    const box = this.#boxes.get(address) ?? { entries: new Map(), left: 0 };
    this.#boxes.set(address, box);
    return box;
  }

  #dueBoxes(): Box[] {
    return [...this.#boxes.values()].filter((box) => this.#due(box).length > 0);
  }

  #due({ entries }: Box): Entry[] {
    const before = this.#now() - this.#options.repeatAfterMs;
    return [...entries.values()].filter(({ count, toldAt }) => count > 0 && toldAt <= before);
  }

  /** One that was told long ago and has not come again. */
  #forgetOne({ entries }: Box): boolean {
    const before = this.#now() - this.#options.repeatAfterMs;
    for (const [name, { count, toldAt }] of entries) {
      if (count > 0 || toldAt > before) continue;
      entries.delete(name);
      return true;
    }
    return false;
  }
}
