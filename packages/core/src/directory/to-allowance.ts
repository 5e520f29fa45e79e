import { toNanoUsd } from '../pricing/money.ts';
import type { Allowance, BudgetWindow, Limits } from '../types/call.ts';
import type { JsonObject } from '../types/json.ts';
import type { Directory } from './directory.ts';

/** Where the days of budgets begin. */
export type BudgetCalendar = Pick<BudgetWindow, 'timeZone' | 'resetAt'>;

/** The limits and the budget in a body; what it does not say, the shared budget says that it names. */
export function toAllowance(body: JsonObject, directory: Directory, calendar: BudgetCalendar, now: number): Allowance {
  const shared = typeof body.budget_id === 'string' ? directory.get('budget', body.budget_id)?.body : undefined;
  const field = (name: string): unknown => body[name] ?? shared?.[name];
  const budget = toBudget(field('max_budget'), body, now);
  const duration = field('budget_duration');
  const limits = toLimits(field);
  return {
    ...(limits && { limits }),
    ...(budget === undefined ? {} : { budgetNanoUsd: budget }),
    ...(budget !== undefined && typeof duration === 'string' && { budgetWindow: { length: duration, ...calendar } }),
  };
}

function toLimits(field: (name: string) => unknown): Limits | undefined {
  const [requestsPerMinute, tokensPerMinute, parallelCalls] = ['rpm_limit', 'tpm_limit', 'max_parallel_requests'].map((name) => {
    const value = field(name);
    return typeof value === 'number' ? value : undefined;
  });
  if (requestsPerMinute === undefined && tokensPerMinute === undefined && parallelCalls === undefined) return undefined;
  return {
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
    ...(parallelCalls === undefined ? {} : { parallelCalls }),
  };
}

/** With what it was raised by for a while. */
function toBudget(max: unknown, { temp_budget_increase: increase, temp_budget_expiry: expiry }: JsonObject, now: number): number | undefined {
  if (typeof max !== 'number') return undefined;
  const isRaised = typeof increase === 'number' && typeof expiry === 'string' && Date.parse(expiry) > now;
  return toNanoUsd(max) + (isRaised ? toNanoUsd(increase) : 0);
}
