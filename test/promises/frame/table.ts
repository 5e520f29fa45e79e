import { cpus } from 'node:os';
import type { Check } from './check.ts';
import type { Evidence, Proof } from './proof.ts';

/** What came of one proof: evidence, or why there is none. */
export type Result = { readonly proof: Proof; readonly evidence: readonly Evidence[]; readonly failure?: string; readonly seconds: number };

export function isKept({ evidence, failure }: Result): boolean {
  return failure === undefined && evidence.length > 0 && evidence.every(({ checks }) => checks.every((check) => check.isKept));
}

const HEAD = ['| promise | test | n | figure | gate | |', '| --- | --- | --- | --- | --- | --- |'];

/** All figures, one a line, as Markdown. */
export function toTable(results: readonly Result[]): string {
  return [...HEAD, ...results.flatMap(toLines)].join('\n');
}

export function toLines({ proof: { id, promise }, evidence, failure }: Result): string[] {
  const lines = evidence.flatMap(({ test, n, checks }) => checks.map((check) => toLine(id, promise, [test, n.toLocaleString('en-US')], check)));
  return failure === undefined ? lines : [...lines, `| ${id} ${promise} | | | ${failure.replaceAll(/[|\n]/g, ' ')} | | **not proved** |`];
}

function toLine(id: string, promise: string, [test, n]: readonly [test: string, n: string], check: Check): string {
  const { figure, value, gate } = check;
  return `| ${id} ${promise} | ${test} | ${n} | ${figure}: ${value} | ${gate} | ${check.isKept ? 'kept' : '**missed**'} |`;
}

/** What the figures were taken on. */
export function machineLine(): string {
  const processors = cpus();
  const { platform, arch, version } = process;
  return `${processors.length} processors (${processors[0]?.model.trim() ?? 'unknown'}), ${platform} ${arch}, Node ${version}, ${new Date().toISOString().slice(0, 10)}`;
}
