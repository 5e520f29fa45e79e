import { type Better, median, type Summary, summarize } from './stats.ts';

/** Every metric, and which way is better. CPU is that of the gateway's process alone. */
export const METRICS = {
  perSecond: 'high',
  cpuUs: 'low',
  p50Us: 'low',
  p99Us: 'low',
  chunksPerSecond: 'high',
  chunkCpuUs: 'low',
  chunkP50Us: 'low',
  chunkP99Us: 'low',
  firstChunkUs: 'low',
  streamRssBytes: 'low',
  delivered: 'high',
  errors: 'low',
  rssBytes: 'low',
  heapSlopeBytes: 'low',
  rssGrowthBytes: 'low',
  leftOver: 'low',
} as const satisfies Record<string, Better>;

export type Metric = keyof typeof METRICS;
export type Slice = Readonly<Partial<Record<Metric, number>>>;

/** All slices of a run, by scenario and program. */
export class Results {
  readonly #slices = new Map<string, Map<string, Slice[]>>();

  add(scenario: string, target: string, slice: Slice): void {
    const byTarget = this.#slices.get(scenario) ?? new Map<string, Slice[]>();
    this.#slices.set(scenario, byTarget);
    byTarget.set(target, [...(byTarget.get(target) ?? []), slice]);
  }

  targets(scenario: string): readonly string[] {
    return [...(this.#slices.get(scenario)?.keys() ?? [])];
  }

  values(scenario: string, target: string, metric: Metric): readonly number[] {
    const slices = this.#slices.get(scenario)?.get(target) ?? [];
    return slices.map((slice) => slice[metric]).filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  }

  summary(scenario: string, target: string, metric: Metric): Summary {
    return summarize(this.values(scenario, target, metric), METRICS[metric]);
  }

  best(scenario: string, target: string, metric: Metric): number {
    return this.summary(scenario, target, metric).best;
  }

  /** Best decile over best decile: the statistic that moves least on a busy machine. */
  ratio(scenario: string, metric: Metric, target: string, to: string): number {
    return this.best(scenario, target, metric) / this.best(scenario, to, metric);
  }

  /** The median of the ratios of slices of the same round. */
  pairedRatio(scenario: string, metric: Metric, target: string, to: string): number {
    const others = this.values(scenario, to, metric);
    return median(this.values(scenario, target, metric).map((value, round) => value / (others[round] ?? Number.NaN)));
  }

  toJSON(): unknown {
    return Object.fromEntries([...this.#slices].map(([scenario, byTarget]) => [scenario, Object.fromEntries(byTarget)]));
  }
}
