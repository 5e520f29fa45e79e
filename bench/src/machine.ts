import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { canPin } from './child.ts';

/** What the figures were taken on. */
export type Machine = {
  readonly processor: string;
  readonly processors: number;
  readonly memoryGib: number;
  readonly platform: string;
  /** Of the gateways. */
  readonly node: string;
  readonly isPinned: boolean;
  /** ISO 8601, day only. */
  readonly date: string;
};

export function describeMachine(node = process.execPath): Machine {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? 'unknown',
    processors: all.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim(),
    isPinned: canPin,
    date: new Date().toISOString().slice(0, 10),
  };
}

export function machineText({ processor, processors, memoryGib, platform, node, date, isPinned }: Machine): string {
  return `${processor}, ${processors} processors, ${memoryGib} GiB, ${platform}, Node ${node}, ${date}${isPinned ? '' : ', nothing pinned'}.`;
}
