export type FamilyOptions = { readonly name: string; readonly help: string; readonly labels: readonly string[]; readonly maxSeries: number };

/** One metric as the page shows it. */
export type Family = { lines(): Iterable<string> };

/** Stands for the labels of every series beyond the last that a metric may have. */
const OTHER = 'other';

/** The series of one metric, by the values of its labels. Their text is joined once, when a series is first seen. */
export class Series<T> {
  readonly name: string;
  readonly #options: FamilyOptions;
  readonly #make: () => T;
  readonly #known = new Map<string, { readonly labels: string; readonly state: T }>();

  constructor(options: FamilyOptions, make: () => T) {
    this.name = options.name;
    this.#options = options;
    this.#make = make;
  }

  /** The state of the series with these values, in the order of the labels. */
  of(values: readonly string[]): T {
    const key = values.join('\u0000');
    const known = this.#known.get(key);
    if (known) return known.state;
    const { labels, maxSeries } = this.#options;
    if (this.#known.size >= maxSeries && values.some((value) => value !== OTHER)) return this.of(labels.map(() => OTHER));
    const made = { labels: labels.map((label, index) => `${label}="${escaped(values[index] ?? '')}"`).join(','), state: this.#make() };
    this.#known.set(key, made);
    return made.state;
  }

  /** What every page says of the metric, then `write` for each series. */
  *lines(type: string, write: (labels: string, state: T) => Iterable<string>): Iterable<string> {
    yield `# HELP ${this.name} ${this.#options.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`;
    yield `# TYPE ${this.name} ${type}`;
    for (const { labels, state } of this.#known.values()) yield* write(labels, state);
  }
}

type Value = { value: number };

export class Counter implements Family {
  readonly #series: Series<Value>;

  constructor(options: FamilyOptions) {
    this.#series = new Series(options, () => ({ value: 0 }));
  }

  add(values: readonly string[], amount = 1): void {
    this.#series.of(values).value += amount;
  }

  lines(): Iterable<string> {
    return this.#series.lines('counter', (labels, { value }) => [sample(this.#series.name, labels, value)]);
  }
}

export class Gauge implements Family {
  readonly #series: Series<{ read: () => number }>;

  constructor(options: FamilyOptions) {
    this.#series = new Series(options, () => ({ read: () => 0 }));
  }

  set(values: readonly string[], value: number): void {
    this.setTo(values, () => value);
  }

  /** As {@link set}, to what `read` says at the time of asking. */
  setTo(values: readonly string[], read: () => number): void {
    this.#series.of(values).read = read;
  }

  lines(): Iterable<string> {
    return this.#series.lines('gauge', (labels, { read }) => [sample(this.#series.name, labels, read())]);
  }
}

export function sample(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${value}` : `${name}{${labels}} ${value}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
