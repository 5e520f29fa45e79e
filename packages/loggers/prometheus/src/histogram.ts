import { type Family, type FamilyOptions, sample, Series } from './family.ts';

type State = { readonly counts: number[]; sum: number; count: number };

/** How often a value was at or below each bound. */
export class Histogram implements Family {
  readonly #series: Series<State>;
  readonly #bounds: readonly number[];

  constructor(options: FamilyOptions, bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#series = new Series(options, () => ({ counts: bounds.map(() => 0), sum: 0, count: 0 }));
  }

  observe(values: readonly string[], value: number): void {
    const state = this.#series.of(values);
    state.sum += value;
    state.count += 1;
    const index = this.#bounds.findIndex((bound) => value <= bound);
    if (index >= 0) state.counts[index] = (state.counts[index] ?? 0) + 1;
  }

  lines(): Iterable<string> {
    const { name } = this.#series;
    const bounds = this.#bounds;
    return this.#series.lines('histogram', function* (labels, { counts, sum, count }) {
      const before = labels === '' ? '' : `${labels},`;
      let below = 0;
      for (const [index, bound] of bounds.entries()) yield sample(`${name}_bucket`, `${before}le="${bound}"`, (below += counts[index] ?? 0));
      yield sample(`${name}_bucket`, `${before}le="+Inf"`, count);
      yield sample(`${name}_sum`, labels, sum);
      yield sample(`${name}_count`, labels, count);
    });
  }
}
