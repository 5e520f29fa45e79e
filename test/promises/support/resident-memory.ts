import { readFileSync } from 'node:fs';

const MIB = 2 ** 20;
const PAGE_BYTES = 4096;

/** Resident memory of a process in MiB, as Linux tells. */
function residentMib(pid: number): number {
  return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES) / MIB;
}

/** By how many MiB a process grows at most while something goes on. */
export async function growthDuring<T>(pid: number, work: () => Promise<T>): Promise<{ readonly mib: number; readonly result: T }> {
  const before = residentMib(pid);
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, residentMib(pid))), 20);
  try {
    return { result: await work(), mib: Math.max(0, most - before) };
  } finally {
    clearInterval(timer);
  }
}
