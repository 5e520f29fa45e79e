import { formatUsd } from '../../pricing/money.ts';
import type { Filter } from './filter.ts';

/** A call that may cost no more than so much goes where it is expected to cost no more. */
export const maxCost: Filter = {
  name: 'max-cost',
  weight: 'must',
  objection(deployment, call) {
    const limit = call.controls?.maxCostNanoUsd;
    if (limit === undefined) return undefined;
    const expected = call.costAt(deployment);
    if (expected === undefined) return 'it has no price, and the call may only cost so much';
    return expected <= limit ? undefined : `the call is expected to cost ${formatUsd(expected)} USD there, and may cost ${formatUsd(limit)}`;
  },
};
