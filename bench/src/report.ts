import type { Machine } from './machine.ts';
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

/** Every scenario that was run as a Markdown table: `median / best decile`, and the ratio to the bare framework. */
export function tables(results: Results, machine: Machine): string {
  const sections = [`${machine.processor}, ${machine.processors} processors, ${machine.memoryGib} GiB, ${machine.platform}, Node ${machine.node}, ${machine.date}${machine.isPinned ? '' : ', not pinned'}`];
  for (const { name, title, isStream } of scenarios(false)) {
    if (results.targets(name).length > 0) sections.push(`### ${capital(title)}\n\n${table(results, name, isStream ? STREAM_COLUMNS : JSON_COLUMNS, isStream)}`);
  }
  if (results.targets('in-process').length > 0) sections.push(`### Calls from the same process, 64 at a time\n\n${table(results, 'in-process', JSON_COLUMNS.slice(0, 3), false)}`);
  return sections.join('\n\n');
}

function table(results: Results, scenario: string, columns: readonly Column[], isStream: boolean): string {
  const cpu = isStream ? 'chunkCpuUs' : 'cpuUs';
  const head = ['', ...columns.map(({ title }) => title), 'throughput to bare', 'CPU to bare'];
  const rows = results.targets(scenario).map((target) => {
    const bare = VARIANTS.map((variant) => ({ bare: undefined, ...variant })).find(({ name }) => name === target)?.bare;
    const ratio = (metric: Metric): string => (bare && results.targets(scenario).includes(bare) ? results.ratio(scenario, metric, target, bare).toFixed(2) : '');
    return [labelOf(target), ...columns.map((column) => cell(results, scenario, target, column)), ratio(isStream ? 'chunksPerSecond' : 'perSecond'), ratio(cpu)];
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cell(results: Results, scenario: string, target: string, { metric, show }: Column): string {
  const { median, best } = results.summary(scenario, target, metric);
  return Number.isNaN(median) ? '-' : `${show(median)} / ${show(best)}`;
}

function labelOf(target: string): string {
  if (target === 'direct') return 'no gateway';
  if (target === 'client') return 'gateway.chat.completions.create';
  if (target === 'fetch') return 'gateway.fetch';
  return VARIANTS.find(({ name }) => name === target)?.label ?? target;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
