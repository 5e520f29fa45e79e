/** What is to happen; as far as a timer goes, what `setTimeout` answers. */
export type Event = { at: number; readonly order: number; run: (() => void) | undefined; unref(): Event };

/**
 * A clock that goes on by events and not by itself: an hour of calls takes seconds, and the same each time. While it is
 * installed, timers and `performance.now` of this process go by it, so that the code under it need not know.
 */
export class VirtualTime {
  now = 0;
  /** Events that have happened. */
  steps = 0;
  readonly #heap: Event[] = [];
  #count = 0;

  at(ms: number, run: () => void): Event {
    const event: Event = { at: Math.max(ms, this.now), order: this.#count++, run, unref: () => event };
    push(this.#heap, event);
    return event;
  }

  after(ms: number, run: () => void): Event {
    return this.at(this.now + ms, run);
  }

  /** Lets events happen, each with all that follows from it at once, until none is left or there were as many. */
  async run(mostSteps: number): Promise<void> {
    const settled = setImmediate;
    for (let event = pop(this.#heap); event && this.steps < mostSteps; event = pop(this.#heap)) {
      if (!event.run) continue;
      this.now = event.at;
      this.steps += 1;
      event.run();
      await new Promise((resolve) => settled(resolve));
    }
  }

  /** Answers what puts real time back. */
  install(): () => void {
    const own = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: performance.now };
    const set = <T extends unknown[]>(run: (...args: T) => void, ms = 0, ...args: T): Event => this.after(ms, () => run(...args));
    const clear = (event: Event | undefined): void => {
      if (event) event.run = undefined;
    };
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
    performance.now = () => this.now;
    return () => {
      Object.assign(globalThis, { setTimeout: own.setTimeout, clearTimeout: own.clearTimeout });
      performance.now = own.now;
    };
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

function push(heap: Event[], event: Event): void {
  let at = heap.push(event) - 1;
  for (let parent = (at - 1) >> 1; at > 0 && isBefore(event, heap[parent] as Event); parent = (at - 1) >> 1) {
    heap[at] = heap[parent] as Event;
    at = parent;
  }
  heap[at] = event;
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!first || !last || first === last) return first;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    const right = heap[child + 1];
    if (right && isBefore(right, heap[child] as Event)) child += 1;
    if (!isBefore(heap[child] as Event, last)) break;
    heap[at] = heap[child] as Event;
    at = child;
  }
  heap[at] = last;
  return first;
}
