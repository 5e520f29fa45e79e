import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { readLength } from '../../pricing/budget-period.ts';
import type { Allowance, BudgetWindow, Limits } from '../../types/call.ts';
import { type NamesOf, unknownIn } from './unknown-options.ts';
import { at, numberProblems } from './value-problems.ts';

const LIMITS: NamesOf<Limits> = { requestsPerMinute: true, tokensPerMinute: true, parallelCalls: true };
const WINDOW: NamesOf<BudgetWindow> = { length: true, alignment: true, timeZone: true, resetAt: true };
const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What is wrong with limits, a budget and its window; `place` is the object that they stand in. */
export function allowanceProblems(place: string, { limits, budgetNanoUsd, budgetWindow }: Allowance): ConfigurationProblem[] {
  return [
    ...limitProblems(at(place, 'limits'), limits),
    ...numberProblems(place, { budgetNanoUsd }, { atLeast: 0 }),
    ...windowProblems(at(place, 'budgetWindow'), budgetWindow),
    ...(budgetWindow !== undefined && budgetNanoUsd === undefined
      ? [{ place: at(place, 'budgetWindow'), message: 'starts a budget anew that is not there; say how much it is in budgetNanoUsd' }]
      : []),
  ];
}

export function limitProblems(place: string, limits: Limits | undefined): ConfigurationProblem[] {
  const { requestsPerMinute, tokensPerMinute, parallelCalls } = limits ?? {};
  return [...unknownIn(place, limits, LIMITS), ...numberProblems(place, { requestsPerMinute, tokensPerMinute, parallelCalls }, { atLeast: 0 })];
}

export function windowProblems(place: string, window: BudgetWindow | undefined): ConfigurationProblem[] {
  if (window === undefined) return [];
  const { length, alignment, timeZone, resetAt } = window;
  const problems = unknownIn(place, window, WINDOW);
  const report = (name: keyof BudgetWindow, message: string): void => void problems.push({ place: at(place, name), message });
  if (typeof length !== 'string' || !readLength(length)) report('length', `${JSON.stringify(length)} is no length such as 30s, 5m, 2h, 1d, 1w or 1mo`);
  if (alignment !== undefined && alignment !== 'calendar' && alignment !== 'rolling') report('alignment', "is neither 'calendar' nor 'rolling'");
  if (timeZone !== undefined && !isTimeZone(timeZone)) report('timeZone', `'${timeZone}' is no time zone such as Europe/Berlin`);
  if (resetAt !== undefined && !TIME_OF_DAY.test(resetAt)) report('resetAt', `'${resetAt}' is no time of day such as 06:30`);
  if (alignment === 'rolling' && (timeZone !== undefined || resetAt !== undefined))
    report('alignment', 'a window that rolls begins at no time of day; leave timeZone and resetAt out');
  return problems;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
