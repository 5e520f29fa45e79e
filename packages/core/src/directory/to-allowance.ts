import { toNanoUsd } from '../pricing/money.ts';
import type { Allowance, BudgetWindow, Degradation, Limits } from '../types/principal.ts';
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
  const soft = numberIn(field('soft_budget'));
  const degrade = toDegradation(field('degrade'));
  const limits = toLimits(field);
  return {
    ...(limits && { limits }),
    ...(budget === undefined ? {} : { budgetNanoUsd: budget }),
    ...(soft === undefined ? {} : { softBudgetNanoUsd: toNanoUsd(soft) }),
    ...((budget ?? soft) !== undefined && typeof duration === 'string' && { budgetWindow: windowOf(duration, field, calendar) }),
    ...(field('shadow') === true && { isShadow: true }),
    ...(degrade && { degrade }),
  };
}

/** A zone or an alignment of its own goes before those of the gateway. */
export function windowOf(length: string, field: (name: string) => unknown, calendar: BudgetCalendar): BudgetWindow {
  if (field('budget_alignment') === 'rolling') return { length, alignment: 'rolling' };
  const timeZone = field('budget_time_zone');
  return { length, ...calendar, ...(typeof timeZone === 'string' && { timeZone }) };
}

/** `degrade: { at: 0.8, to: { large: small } }` */
function toDegradation(value: unknown): Degradation | undefined {
  const { at, to } = isObject(value) ? value : {};
  return typeof at === 'number' && isObject(to) ? { at, to: to as Readonly<Record<string, string>> } : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function toLimits(field: (name: string) => unknown): Limits | undefined {
  const cost = numberIn(field('max_cost_per_minute'));
  const limits = {
    requestsPerMinute: numberIn(field('rpm_limit')),
    tokensPerMinute: numberIn(field('tpm_limit')),
    parallelCalls: numberIn(field('max_parallel_requests')),
    costPerMinuteNanoUsd: cost === undefined ? undefined : toNanoUsd(cost),
  };
  const known = Object.entries(limits).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** With what it was raised by for a while. */
function toBudget(max: unknown, { temp_budget_increase: increase, temp_budget_expiry: expiry }: JsonObject, now: number): number | undefined {
  if (typeof max !== 'number' && typeof max !== 'string') return undefined;
  const isRaised = typeof increase === 'number' && typeof expiry === 'string' && Date.parse(expiry) > now;
  return toNanoUsd(max) + (isRaised ? toNanoUsd(increase) : 0);
}
