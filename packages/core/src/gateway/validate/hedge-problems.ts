import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import type { HedgeOptions } from '../../types/hedge.ts';
import { numberProblems } from './value-problems.ts';

/** What is wrong with when and at what price a second deployment is asked. */
export function hedgeProblems(place: string, hedge: HedgeOptions | false | undefined): ConfigurationProblem[] {
  if (!hedge) return [];
  const { minDelayMs, maxCostNanoUsd, percentile, maxPercent } = hedge;
  return [
    ...numberProblems(place, { minDelayMs, maxCostNanoUsd }, { atLeast: 0 }),
    ...notAPart(`${place}.percentile`, percentile),
    ...notAPart(`${place}.maxPercent`, maxPercent),
  ];
}

function notAPart(place: string, value: number | undefined): ConfigurationProblem[] {
  if (value === undefined || (value > 0 && value <= 100)) return [];
  return [{ place, message: `${String(value)} is not above 0 and up to 100` }];
}
