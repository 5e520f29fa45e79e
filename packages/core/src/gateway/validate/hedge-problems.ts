import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import type { HedgeOptions } from '../../types/hedge.ts';
import { numberProblems, percentProblems } from './value-problems.ts';

/** What is wrong with when and at what price a second deployment is asked. */
export function hedgeProblems(place: string, hedge: HedgeOptions | false | undefined): ConfigurationProblem[] {
  if (!hedge) return [];
  const { minDelayMs, maxCostNanoUsd, percentile, maxPercent } = hedge;
  return [
    ...numberProblems(place, { minDelayMs, maxCostNanoUsd }, { atLeast: 0 }),
    ...percentProblems(`${place}.percentile`, percentile),
    ...percentProblems(`${place}.maxPercent`, maxPercent),
  ];
}
