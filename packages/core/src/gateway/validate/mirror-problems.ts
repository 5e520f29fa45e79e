import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import type { MirrorOptions } from '../../types/mirror.ts';
import { allowanceProblems } from './allowance-problems.ts';
import { numberProblems, percentProblems } from './value-problems.ts';

/** What is wrong with how many copies of calls are made, and what they may cost. */
export function mirrorProblems(place: string, mirror: MirrorOptions | undefined): ConfigurationProblem[] {
  if (!mirror) return [];
  const { percent, parallelCalls, budgetNanoUsd, budgetWindow } = mirror;
  return [
    ...percentProblems(`${place}.percent`, percent),
    ...numberProblems(place, { parallelCalls }, { atLeast: 1 }),
    ...allowanceProblems(place, { budgetNanoUsd, budgetWindow }),
  ];
}
