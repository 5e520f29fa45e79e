import { z } from 'zod';
import { amount, count, flag, names, text } from './values.ts';

/** What is asked of a call before a model is, by LiteLLM's names for it. */
export const access = {
  allowed_ips: names
    .describe('Where calls may come from: addresses and networks such as `10.0.0.0/8`, of IPv4 and IPv6, or `*`. Default: everywhere')
    .optional(),
  blocked_ips: names.describe('Where they may not; goes before `allowed_ips`').optional(),
  public_routes: names.describe('Routes that take calls without a key; a path stands for all below it').optional(),
  admin_only_routes: names.describe('Routes for administrators only').optional(),
  allowed_routes: names.describe('The only routes there are, but for administrators').optional(),
  enforced_params: names.describe('Fields that calls of models have to bring, at any depth, such as `metadata.team_id`').optional(),
  enforce_user_param: flag.describe('`true`: as `user` among `enforced_params`').optional(),
  user_header_name: text.describe('A header that names the end user').optional(),
};

export const userLimits = z.strictObject({
  rpm: count.describe('Calls a minute').optional(),
  tpm: count.describe('Tokens a minute').optional(),
  max_parallel_requests: count.describe('Calls at the same time').optional(),
  max_cost_per_minute: amount.describe("Sluice's own: USD a minute").optional(),
});

export const providerBudget = z.strictObject({
  budget_limit: amount.describe('USD').optional(),
  time_period: text.describe('How long it lasts, such as `1d`').optional(),
  max_budget: amount.describe('Same as `budget_limit`').optional(),
  budget_duration: text.describe('Same as `time_period`').optional(),
});
