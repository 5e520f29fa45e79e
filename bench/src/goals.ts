import { VARIANTS } from './variants.ts';
import type { Metric, Results } from './results.ts';

/** What a release has to reach, and what it aims at; ratios within one run, best deciles. */
export type Goal = {
  readonly id: string;
  readonly what: string;
  readonly better: 'high' | 'low';
  readonly must: number;
  readonly target: number;
  /** NaN where the run has not measured it. */
  readonly measured: (results: Results) => number;
  readonly unit?: string;
};

const ratio =
  (scenario: string, metric: Metric, target: string, to: string) =>
  (results: Results): number =>
    results.ratio(scenario, metric, target, to);

const added =
  (scenario: string, metric: Metric, target: string, to: string) =>
  (results: Results): number =>
    results.best(scenario, target, metric) - results.best(scenario, to, metric);

const mounts = VARIANTS.filter(({ name }) => name === 'sluice-node' || name === 'sluice-express' || name === 'sluice-koa') as readonly {
  name: string;
  label: string;
  bare: string;
}[];

export const GOALS: readonly Goal[] = [
  ...mounts.map(
    ({ name, label, bare }): Goal => ({
      id: 'P1',
      what: `throughput to bare, 1 kB: ${label}`,
      better: 'high',
      must: 0.6,
      target: 0.8,
      measured: ratio('json-1k', 'perSecond', name, bare),
    }),
  ),
  ...mounts.map(
    ({ name, label, bare }): Goal => ({
      id: 'P2',
      what: `CPU per request to bare, 1 kB: ${label}`,
      better: 'low',
      must: 1.6,
      target: 1.25,
      measured: ratio('json-1k', 'cpuUs', name, bare),
    }),
  ),
  {
    id: 'P3',
    what: 'CPU per request to bare, 32 kB sent on unchanged',
    better: 'low',
    must: 1.5,
    target: 1.25,
    measured: ratio('same-32k', 'cpuUs', 'sluice-node', 'bare-node'),
  },
  {
    id: 'P3',
    what: 'CPU per request to bare, 32 kB with another model name',
    better: 'low',
    must: 2.2,
    target: 1.4,
    measured: ratio('json-32k', 'cpuUs', 'sluice-node', 'bare-node'),
  },
  {
    id: 'P4',
    what: 'throughput to Portkey, 1 kB: Sluice on node:http',
    better: 'high',
    must: 5,
    target: 8,
    measured: ratio('json-1k', 'perSecond', 'sluice-node', 'peer-portkey'),
  },
  {
    id: 'P5',
    what: 'throughput to Portkey, 32 kB: Sluice on node:http',
    better: 'high',
    must: 4,
    target: 7,
    measured: ratio('json-32k', 'perSecond', 'sluice-node', 'peer-portkey'),
  },
  {
    id: 'P6',
    what: 'added p50 at 1 connection, over bare node:http',
    better: 'low',
    must: 60,
    target: 30,
    unit: 'µs',
    measured: added('single-1k', 'p50Us', 'sluice-node', 'bare-node'),
  },
  {
    id: 'P7',
    what: 'throughput in front of Express to mounted in it (Node 20)',
    better: 'high',
    must: 2,
    target: 2.8,
    measured: ratio('json-1k', 'perSecond', 'sluice-native', 'sluice-express'),
  },
  {
    id: 'P8',
    what: 'throughput of cache hits to a bare call of the upstream',
    better: 'high',
    must: 1.2,
    target: 1.6,
    measured: ratio('json-1k', 'perSecond', 'sluice-cached', 'bare-node'),
  },
  {
    id: 'S1',
    what: 'added time to the first chunk at 1 connection, over bare',
    better: 'low',
    must: 300,
    target: 100,
    unit: 'µs',
    measured: added('first-chunk', 'firstChunkUs', 'sluice-node', 'bare-node'),
  },
  {
    id: 'S2',
    what: 'CPU per chunk to bare, 100 streams, a chunk each 20 ms',
    better: 'low',
    must: 1.35,
    target: 1.15,
    measured: ratio('paced-100', 'chunkCpuUs', 'sluice-node', 'bare-node'),
  },
  {
    id: 'S2',
    what: 'CPU per chunk to bare, chunks without delay',
    better: 'low',
    must: 1.35,
    target: 1.15,
    measured: ratio('burst', 'chunkCpuUs', 'sluice-node', 'bare-node'),
  },
  {
    id: 'S3',
    what: 'CPU per chunk to bare, every event translated, without delay',
    better: 'low',
    must: 1.8,
    target: 1.4,
    measured: ratio('burst', 'chunkCpuUs', 'sluice-translating', 'bare-node'),
  },
  {
    id: 'S4',
    what: 'added p50 per chunk, 100 streams',
    better: 'low',
    must: 300,
    target: 100,
    unit: 'µs',
    measured: added('paced-100', 'chunkP50Us', 'sluice-node', 'direct'),
  },
  {
    id: 'S4',
    what: 'added p50 per chunk, 500 streams',
    better: 'low',
    must: 3000,
    target: 1000,
    unit: 'µs',
    measured: added('paced-500', 'chunkP50Us', 'sluice-node', 'direct'),
  },
  {
    id: 'S5',
    what: 'delivered in time, 1,000 streams, a chunk each 20 ms',
    better: 'high',
    must: 0.97,
    target: 0.99,
    measured: (results) => results.best('open-streams', 'sluice-node', 'delivered'),
  },
  {
    id: 'S6',
    what: 'resident memory per open stream, of 1,000 (Node 20: 60/30, later: 120/70)',
    better: 'low',
    must: 120,
    target: 70,
    unit: 'kB',
    measured: (results) => results.best('open-streams', 'sluice-node', 'streamRssBytes') / 1024,
  },
  {
    id: 'M1',
    what: 'resident memory after load to bare',
    better: 'low',
    must: 1.25,
    target: 1.1,
    measured: ratio('after-load', 'rssBytes', 'sluice-node', 'bare-node'),
  },
];

export type Verdict = 'target' | 'must' | 'missed';

export function judge({ better, must, target }: Pick<Goal, 'better' | 'must' | 'target'>, value: number): Verdict {
  const reaches = (bound: number): boolean => (better === 'high' ? value >= bound : value <= bound);
  if (reaches(target)) return 'target';
  return reaches(must) ? 'must' : 'missed';
}

/** The goals that this run has measured, as a Markdown table. */
export function goalTable(results: Results): string {
  const measured = GOALS.map((goal) => ({ goal, value: goal.measured(results) })).filter(({ value }) => Number.isFinite(value));
  if (measured.length === 0) return '';
  const rows = measured.map(({ goal, value }) => {
    const unit = goal.unit ? ` ${goal.unit}` : '';
    const digits = goal.unit ? 0 : 2;
    return `| ${goal.id} | ${goal.what} | ${goal.better === 'high' ? '≥' : '≤'} ${goal.must}${unit} | ${goal.target}${unit} | ${value.toFixed(digits)}${unit} | ${judge(goal, value)} |`;
  });
  return ['| goal | what | must | target | measured | reached |', '| --- | --- | --- | --- | --- | --- |', ...rows].join('\n');
}
