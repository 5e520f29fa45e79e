import { hostname } from 'node:os';

/** Who writes a segment of the journal, as its file's name tells it. */
export type SegmentOwner = { readonly host: string; readonly pid: number };

const NAME = /^(?<host>[\w-]+)\.(?<pid>\d+)\.[\w-]+\.ndjson$/;

export function segmentName(id: string): string {
  return `${thisHost()}.${process.pid}.${id}.ndjson`;
}

/** Nothing where the file is no segment. */
export function ownerOf(name: string): SegmentOwner | undefined {
  const { host, pid } = NAME.exec(name)?.groups ?? {};
  return host === undefined ? undefined : { host, pid: Number(pid) };
}

export function isThisHost({ host }: SegmentOwner): boolean {
  return host === thisHost();
}

/** Whether a process of this host is alive; one that may not be signalled is. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function thisHost(): string {
  return hostname().replaceAll(/[^\w-]/g, '_');
}
