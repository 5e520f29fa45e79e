import type { Check } from '../frame/check.ts';
import type { Instance } from './instance.ts';
import { ANSWER_NANO_USD, type MockUpstream } from './mock-upstream.ts';
import { filesBesideSockets } from './files-beside-sockets.ts';

export type Books = {
  readonly instances: readonly Instance[];
  /** Whether they count in one store. */
  readonly isShared: boolean;
  /** Calls that were made. */
  readonly calls: number;
  /** Answers that callers got whole, where each of them is one of `answerAfter`. */
  readonly answered?: number;
  readonly upstreams?: readonly Pick<MockUpstream, 'openRequests'>[];
};

/** What is spent or held, and the calls under way. */
const COUNTERS = ['budget:gateway:', 'parallel:gateway:'] as const;

/**
 * At rest: each call has its record, records and counters say the same and no less than what was answered, nothing is
 * held, nothing is open upstream, and the processes have no more files open than at their start. One figure of all.
 */
export async function ledgerCheck({ instances, isShared, calls, answered, upstreams = [] }: Books): Promise<Check> {
  const tallies = await Promise.all(instances.map((instance) => instance.tally()));
  const counting = isShared ? instances.slice(0, 1) : instances;
  const totals = await Promise.all(counting.map((instance) => instance.totals(COUNTERS)));
  const [budget = 0, parallel = 0] = COUNTERS.map((_, index) => sum(totals.map((own) => own[index] ?? 0)));
  const cost = sum(tallies.map(({ costNanoUsd }) => costNanoUsd));
  const owed = answered === undefined ? cost : answered * ANSWER_NANO_USD;
  const records = sum(tallies.map((tally) => tally.calls));
  const forked = instances.filter(({ pid }) => pid !== process.pid);
  const off = {
    'nano-dollars apart': Math.max(Math.abs(budget - owed), Math.abs(cost - owed)),
    held: Math.abs(budget - cost) + parallel,
    'open upstream': sum(upstreams.map(({ openRequests }) => openRequests)),
    'files opened': Math.max(0, ...forked.map(({ pid, filesAtStart }) => filesBesideSockets(pid) - filesAtStart)),
  };
  const isKept = records === calls && Object.values(off).every((one) => one === 0);
  const toText = (count: number, ...others: readonly string[]): string => [`${count.toLocaleString('en-US')} records`, ...others].join(', ');
  return {
    figure: 'books at rest',
    value: toText(records, ...Object.entries(off).map(([what, one]) => `${one.toLocaleString('en-US')} ${what}`)),
    gate: toText(calls, 'else 0'),
    isKept,
    isBearable: isKept,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
