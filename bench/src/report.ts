import { goalTable } from './goals.ts';
import { PEER_LABELS } from './peers.ts';
import type { Metric, Results } from './results.ts';
import { scenarios } from './scenarios.ts';
import { VARIANTS } from './variants.ts';

type Column = { readonly title: string; readonly metric: Metric; readonly show: (value: number) => string };

const thousands = (value: number): string => (value >= 10_000 ? `${(value / 1000).toFixed(1)}k` : value.toFixed(0));
const micros = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

const JSON_COLUMNS: readonly Column[] = [
  { title: 'requests/s', metric: 'perSecond', show: thousands },
  { title: 'CPU µs/request', metric: 'cpuUs', show: micros },
  { title: 'p50 µs', metric: 'p50Us', show: micros },
  { title: 'p99 µs', metric: 'p99Us', show: micros },
];
const STREAM_COLUMNS: readonly Column[] = [
  { title: 'chunks/s', metric: 'chunksPerSecond', show: thousands },
  { title: 'CPU µs/chunk', metric: 'chunkCpuUs', show: micros },
  { title: 'first chunk µs', metric: 'firstChunkUs', show: micros },
  { title: 'chunk p50 µs', metric: 'chunkP50Us', show: micros },
  { title: 'chunk p99 µs', metric: 'chunkP99Us', show: micros },
];

const OPEN_STREAM_COLUMNS: readonly Column[] = [
  { title: 'resident kB/stream', metric: 'streamRssBytes', show: (value) => (value / 1024).toFixed(0) },
  { title: 'delivered in time', metric: 'delivered', show: (value) => `${(100 * value).toFixed(1)} %` },
  { title: 'errors', metric: 'errors', show: (value) => value.toFixed(0) },
  { title: 'CPU µs/chunk', metric: 'chunkCpuUs', show: micros },
  { title: 'chunk p50 µs', metric: 'chunkP50Us', show: micros },
];
const MEMORY_COLUMNS: readonly Column[] = [{ title: 'resident MB', metric: 'rssBytes', show: (value) => (value / 2 ** 20).toFixed(0) }];

/** Goals, and every scenario that was run, as Markdown: `median / best decile`, and the ratio to the bare framework. */
export function report(results: Results): string {
  const sections = [goalTable(results)];
  const add = (title: string, scenario: string, columns: readonly Column[], isStream = false): void => {
    if (results.targets(scenario).length > 0) sections.push(`### ${capital(title)}\n\n${table(results, scenario, columns, isStream)}`);
  };
  for (const { name, title, isStream } of scenarios(false)) add(title, name, isStream ? STREAM_COLUMNS : JSON_COLUMNS, isStream);
  add('calls from the same process, 64 at a time', 'in-process', JSON_COLUMNS.slice(0, 3));
  add('1,000 open streams, a chunk each 20 ms, in a fresh process', 'open-streams', OPEN_STREAM_COLUMNS, true);
  add('memory after all of this', 'after-load', MEMORY_COLUMNS);
  return sections.filter((section) => section !== '').join('\n\n');
}

function table(results: Results, scenario: string, columns: readonly Column[], isStream: boolean): string {
  const ratios: readonly { readonly title: string; readonly metric: Metric }[] = [
    { title: 'throughput to bare', metric: isStream ? 'chunksPerSecond' : 'perSecond' },
    { title: 'CPU to bare', metric: isStream ? 'chunkCpuUs' : 'cpuUs' },
  ];
  const targets = results.targets(scenario);
  const known = ratios.filter(({ metric }) => targets.some((target) => Number.isFinite(ratioToBare(results, scenario, metric, target))));
  const head = ['', ...columns.map(({ title }) => title), ...known.map(({ title }) => title)];
  const rows = targets.map((target) => [
    labelOf(target),
    ...columns.map((column) => cell(results, scenario, target, column)),
    ...known.map(({ metric }) => toText(ratioToBare(results, scenario, metric, target))),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function ratioToBare(results: Results, scenario: string, metric: Metric, target: string): number {
  const variant = VARIANTS.find(({ name }) => name === target);
  return variant && 'bare' in variant ? results.ratio(scenario, metric, target, variant.bare) : Number.NaN;
}

function cell(results: Results, scenario: string, target: string, { metric, show }: Column): string {
  const { median, best } = results.summary(scenario, target, metric);
  return Number.isNaN(median) ? '-' : `${show(median)} / ${show(best)}`;
}

function labelOf(target: string): string {
  if (target === 'direct') return 'no gateway';
  if (target === 'client') return 'gateway.chat.completions.create';
  if (target === 'fetch') return 'gateway.fetch';
  return VARIANTS.find(({ name }) => name === target)?.label ?? PEER_LABELS[target] ?? target;
}

function toText(ratio: number): string {
  return Number.isFinite(ratio) ? ratio.toFixed(2) : '';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
