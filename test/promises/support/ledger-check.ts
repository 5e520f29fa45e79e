import { type Check, exactly } from '../frame/check.ts';
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
 * held, nothing is open upstream, and the processes have no more files open than at their start.
 */
export async function ledgerCheck({ instances, isShared, calls, answered, upstreams = [] }: Books): Promise<Check[]> {
  const tallies = await Promise.all(instances.map((instance) => instance.tally()));
  const counting = isShared ? instances.slice(0, 1) : instances;
  const totals = await Promise.all(counting.map((instance) => instance.totals(COUNTERS)));
  const [budget = 0, parallel = 0] = COUNTERS.map((_, index) => sum(totals.map((own) => own[index] ?? 0)));
  const cost = sum(tallies.map(({ costNanoUsd }) => costNanoUsd));
  const owed = answered === undefined ? cost : answered * ANSWER_NANO_USD;
  const unit = { unit: 'nano-dollars' };
  return [
    exactly('L: records', sum(tallies.map((tally) => tally.calls)), calls),
    exactly(
      `L: drift of counters${answered === undefined ? ' and records' : ', records and answers'}`,
      Math.max(Math.abs(budget - owed), Math.abs(cost - owed)),
      0,
      unit,
    ),
    exactly('L: held at rest', Math.abs(budget - cost) + parallel, 0),
    exactly('L: open upstream', sum(upstreams.map(({ openRequests }) => openRequests)), 0),
    ...instances.filter(({ pid }) => pid !== process.pid).map(({ pid, filesAtStart }) => exactly('L: files opened', filesBesideSockets(pid) - filesAtStart, 0)),
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
