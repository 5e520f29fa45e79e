import { type Allowance, type BudgetWindow, type GatewayOptions, type Limits, toNanoUsd } from '@sluice/core';
import type { ConfigFile } from './schema/config-file.ts';

type Calendar = Pick<BudgetWindow, 'resetAt' | 'timeZone'>;

const MONTH = '1mo';

/** How much may be used, by those of whom nothing else is said, and of what share of a budget is told. */
export function toAllowances({
  general_settings: general = {},
  litellm_settings: litellm = {},
  router_settings: router = {},
}: ConfigFile): Pick<GatewayOptions, 'allowance' | 'budget' | 'limits'> {
  const calendar: Calendar = {
    ...(general.budget_reset_at !== undefined && { resetAt: general.budget_reset_at }),
    ...(general.budget_time_zone !== undefined && { timeZone: general.budget_time_zone }),
  };
  const [perKey, gatewayLimits] = [
    toLimits({
      rpm_limit: general.rpm_limit ?? general.default_max_requests_per_minute,
      tpm_limit: general.tpm_limit ?? general.default_max_tokens_per_minute,
      max_parallel_requests: general.max_parallel_requests,
    }),
    toLimits({ max_parallel_requests: general.global_max_parallel_requests }),
  ];
  const gateway = {
    ...(gatewayLimits && { limits: gatewayLimits }),
    ...toBudget(general.max_budget ?? litellm.max_budget, general.budget_duration ?? litellm.budget_duration, calendar),
  };
  const allowance = {
    perKey: perKey && { limits: perKey },
    perUser: toBudget(litellm.max_internal_user_budget, litellm.internal_user_budget_duration, calendar),
    users: toUsers(general.user_rate_limit),
    perTeam: toBudget(general.max_budget_per_team, undefined, calendar, MONTH),
    perEndUser: toBudget(litellm.max_end_user_budget, litellm.end_user_budget_duration, calendar, MONTH),
    gateway: Object.keys(gateway).length === 0 ? undefined : gateway,
  };
  const budget = {
    ...(general.unpriced && { unpriced: general.unpriced }),
    ...(general.budget_alert_threshold !== undefined && { alertAt: [general.budget_alert_threshold].flat() }),
    ...(Object.keys(calendar).length > 0 && { calendar }),
    ...(router.provider_budget_config && { providers: toProviders(router.provider_budget_config, calendar) }),
  };
  const said = Object.entries(allowance).filter(([, value]) => value !== undefined);
  return { ...(said.length > 0 && { allowance: Object.fromEntries(said) }), ...(Object.keys(budget).length > 0 && { budget }), ...toPriority(litellm) };
}

type LimitFields = { readonly [Name in 'rpm_limit' | 'tpm_limit' | 'max_parallel_requests' | 'max_cost_per_minute']?: number | undefined };

function toLimits({ rpm_limit, tpm_limit, max_parallel_requests, max_cost_per_minute }: LimitFields): Limits | undefined {
  const limits = {
    ...(rpm_limit === undefined ? {} : { requestsPerMinute: rpm_limit }),
    ...(tpm_limit === undefined ? {} : { tokensPerMinute: tpm_limit }),
    ...(max_parallel_requests === undefined ? {} : { parallelCalls: max_parallel_requests }),
    ...(max_cost_per_minute === undefined ? {} : { costPerMinuteNanoUsd: toNanoUsd(max_cost_per_minute) }),
  };
  return Object.keys(limits).length === 0 ? undefined : limits;
}

function toBudget(usd: number | undefined, written: string | undefined, calendar: Calendar, usual?: string): Allowance | undefined {
  const length = written ?? (usd === undefined ? undefined : usual);
  if (usd === undefined && length === undefined) return undefined;
  return {
    ...(usd !== undefined && { budgetNanoUsd: toNanoUsd(usd) }),
    ...(length !== undefined && { budgetWindow: { length, ...calendar } }),
  };
}

function toProviders(
  budgets: NonNullable<NonNullable<ConfigFile['router_settings']>['provider_budget_config']>,
  calendar: Calendar,
): Record<string, Allowance> {
  return Object.fromEntries(
    Object.entries(budgets).map(([provider, { budget_limit, max_budget, time_period, budget_duration }]) => [
      provider,
      toBudget(budget_limit ?? max_budget, time_period ?? budget_duration, calendar) ?? {},
    ]),
  );
}

function toUsers(users: NonNullable<ConfigFile['general_settings']>['user_rate_limit']): Record<string, Allowance> | undefined {
  if (users === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(users).map(([id, { rpm, tpm, max_parallel_requests, max_cost_per_minute }]) => [
      id,
      { limits: toLimits({ rpm_limit: rpm, tpm_limit: tpm, max_parallel_requests, max_cost_per_minute }) ?? {} },
    ]),
  );
}

/** Who goes on when a model is nearly full. */
function toPriority({
  priority_reservation: shares,
  priority_reservation_settings: settings = {},
}: NonNullable<ConfigFile['litellm_settings']>): Pick<GatewayOptions, 'limits'> {
  if (!shares) return {};
  const { default_priority: defaultShare, saturation_threshold: saturation } = settings;
  const priority = { shares, ...(defaultShare === undefined ? {} : { defaultShare }), ...(saturation === undefined ? {} : { saturation }) };
  return { limits: { priority } };
}
