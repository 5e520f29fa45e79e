import { Counter, type Family, Gauge, type FamilyOptions } from './family.ts';
import { Histogram } from './histogram.ts';

/** Lines that are handed out at a time, so that a long page does not hold up the calls. */
const LINES_AT_A_TIME = 200;

/** Metrics, and the page that tells them in Prometheus' text form (version 0.0.4). */
export class Registry {
  readonly #families: Family[] = [];
  readonly #maxSeries: number;

  /** `maxSeries`: of one metric; what more there would be is counted together under `other`. */
  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
  }

  counter(name: string, help: string, labels: readonly string[]): Counter {
    return this.#add(new Counter(this.#options(name, help, labels)));
  }

  gauge(name: string, help: string, labels: readonly string[]): Gauge {
    return this.#add(new Gauge(this.#options(name, help, labels)));
  }

  histogram(name: string, help: string, labels: readonly string[], bounds: readonly number[]): Histogram {
    return this.#add(new Histogram(this.#options(name, help, labels), bounds));
  }

  async *page(): AsyncGenerator<string> {
    let lines: string[] = [];
    for (const family of this.#families) {
      for (const line of family.lines()) {
        lines.push(line);
        if (lines.length < LINES_AT_A_TIME) continue;
        yield `${lines.join('\n')}\n`;
        lines = [];
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    if (lines.length > 0) yield `${lines.join('\n')}\n`;
  }

  #options(name: string, help: string, labels: readonly string[]): FamilyOptions {
    return { name, help, labels, maxSeries: this.#maxSeries };
  }

  #add<T extends Family>(family: T): T {
    this.#families.push(family);
    return family;
  }
}
