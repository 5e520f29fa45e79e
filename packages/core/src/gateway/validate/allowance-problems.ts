import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { readLength } from '../../pricing/budget-period.ts';
import { isTimeZone } from '../../pricing/is-time-zone.ts';
import type { PriorityOptions } from '../../types/priority.ts';
import type { Allowance, BudgetWindow, Degradation, Limits } from '../../types/principal.ts';
import { type NamesOf, unknownIn } from './unknown-options.ts';
import { at, flagProblems, numberProblems } from './value-problems.ts';

const ALLOWANCE: NamesOf<Allowance> = { limits: true, budgetNanoUsd: true, budgetWindow: true, softBudgetNanoUsd: true, isShadow: true, degrade: true };
const LIMITS: NamesOf<Limits> = { requestsPerMinute: true, tokensPerMinute: true, parallelCalls: true, costPerMinuteNanoUsd: true };
const DEGRADATION: NamesOf<Degradation> = { at: true, to: true };
const WINDOW: NamesOf<BudgetWindow> = { length: true, alignment: true, timeZone: true, resetAt: true };
const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What is wrong with limits, a budget and its window; `place` is the object that they stand in. */
export function allowanceProblems(place: string, allowance: Allowance): ConfigurationProblem[] {
  const { limits, budgetNanoUsd, budgetWindow, softBudgetNanoUsd, isShadow, degrade } = allowance;
  return [
    ...limitProblems(at(place, 'limits'), limits),
    ...budgetProblems(place, { budgetNanoUsd, budgetWindow, softBudgetNanoUsd }),
    ...flagProblems(place, { isShadow }),
    ...degradeProblems(at(place, 'degrade'), degrade, budgetNanoUsd),
  ];
}

/** What is wrong with a budget and its window. */
export function budgetProblems(place: string, { budgetNanoUsd, budgetWindow, softBudgetNanoUsd }: Allowance): ConfigurationProblem[] {
  return [
    ...numberProblems(place, { budgetNanoUsd, softBudgetNanoUsd }, { atLeast: 0 }),
    ...windowProblems(at(place, 'budgetWindow'), budgetWindow),
    ...(budgetWindow !== undefined && budgetNanoUsd === undefined && softBudgetNanoUsd === undefined
      ? [{ place: at(place, 'budgetWindow'), message: 'starts a budget anew that is not there; say how much it is in budgetNanoUsd' }]
      : []),
  ];
}

/** The same for what holds nothing else, so that other names are mistakes. */
export function knownAllowance(place: string, allowance: Allowance | undefined): ConfigurationProblem[] {
  return allowance === undefined ? [] : [...unknownIn(place, allowance, ALLOWANCE), ...allowanceProblems(place, allowance)];
}

/** What is wrong with a part of a budget. */
export function shareProblems(place: string, share: unknown): ConfigurationProblem[] {
  return typeof share === 'number' && share > 0 && share <= 1 ? [] : [{ place, message: `${String(share)} is no share between 0 and 1` }];
}

/** What is wrong with shares of a model's capacity. */
export function priorityProblems(place: string, priority: PriorityOptions | undefined): ConfigurationProblem[] {
  if (priority === undefined) return [];
  const { shares = {}, defaultShare, saturation } = priority;
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  return [
    ...Object.entries(shares).flatMap(([name, share]) => shareProblems(`${place}.shares.${name}`, share)),
    ...(sum > 1 + 1e-9 ? [{ place: `${place}.shares`, message: `come to ${sum}, and all there is is 1` }] : []),
    ...(defaultShare === undefined ? [] : shareProblems(`${place}.defaultShare`, defaultShare)),
    ...(saturation === undefined ? [] : shareProblems(`${place}.saturation`, saturation)),
  ];
}

function degradeProblems(place: string, degrade: Degradation | undefined, budgetNanoUsd: number | undefined): ConfigurationProblem[] {
  if (degrade === undefined) return [];
  const { at: share, to } = degrade;
  const problems = [...unknownIn(place, degrade, DEGRADATION), ...shareProblems(at(place, 'at'), share)];
  const isNames = to !== null && typeof to === 'object' && Object.values(to).every((name) => typeof name === 'string');
  if (!isNames) problems.push({ place: at(place, 'to'), message: "has to name what answers in place of a model, such as { 'large': 'small' }" });
  if (budgetNanoUsd === undefined) problems.push({ place, message: 'goes by a budget that is not there; say how much it is in budgetNanoUsd' });
  return problems;
}

function limitProblems(place: string, limits: Limits | undefined): ConfigurationProblem[] {
  const { requestsPerMinute, tokensPerMinute, parallelCalls, costPerMinuteNanoUsd } = limits ?? {};
  const numbers = { requestsPerMinute, tokensPerMinute, parallelCalls, costPerMinuteNanoUsd };
  return [...unknownIn(place, limits, LIMITS), ...numberProblems(place, numbers, { atLeast: 0 })];
}

function windowProblems(place: string, window: BudgetWindow | undefined): ConfigurationProblem[] {
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
