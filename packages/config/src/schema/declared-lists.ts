import { z } from 'zod';
import { amount, count, flag, names, text } from './values.ts';

const length = text.regex(/^\d+(?:s|m|h|d|w|mo)$/, 'expected a length such as 30s, 5m, 2h, 1d, 1w or 1mo');

/** Limits and a budget, of whomever has them, by LiteLLM's names. */
const allowance = {
  rpm_limit: count.describe('Calls a minute').optional(),
  tpm_limit: count.describe('Tokens a minute').optional(),
  max_parallel_requests: count.describe('Calls at the same time').optional(),
  max_cost_per_minute: amount.describe("Sluice's own: USD a minute").optional(),
  max_budget: amount.describe('USD').optional(),
  soft_budget: amount.describe('USD of which is told').optional(),
  budget_duration: length.describe('How long the budget lasts until it starts anew. Default: it never does').optional(),
};

const anybody = {
  ...allowance,
  budget_id: text.describe('A shared budget, for what is not said here').optional(),
  models: names.describe('Models that may be called; `*` is a wildcard. Default: all').optional(),
  blocked: flag.describe('`true` refuses all its calls').optional(),
  metadata: z.record(z.string(), z.unknown()).describe('For whoever reads it').optional(),
};

const demanding = {
  ...anybody,
  guardrails: names.describe('Names of guardrails that its calls pass as well').optional(),
  enforced_params: names.describe('Fields that its calls have to bring').optional(),
};

/** Who there is by the file. Each list by the field that names its objects. */
export const declaredLists = {
  teams: z.array(
    z.strictObject({
      team_id: text.describe('Names the team; `team_id` of keys means it'),
      team_alias: text.describe('A name for people').optional(),
      organization_id: text.describe('Whose team it is').optional(),
      rate_limit: count.describe('Same as `rpm_limit`').optional(),
      members_with_roles: z
        .array(z.strictObject({ user_id: text, role: z.enum(['admin', 'user']).optional() }))
        .describe('Its members, `{ user_id, role }`')
        .optional(),
      tags: names.describe('Tags of all its calls').optional(),
      ...demanding,
    }),
  ),
  users: z.array(
    z.strictObject({
      user_id: text.describe('Names the user'),
      user_alias: text.describe('A name for people').optional(),
      user_email: text.describe('For whoever signs in').optional(),
      user_role: z
        .enum(['proxy_admin', 'proxy_admin_viewer', 'org_admin', 'internal_user', 'internal_user_viewer'])
        .describe('What they may do with the gateway itself')
        .optional(),
      ...demanding,
    }),
  ),
  organizations: z.array(
    z.strictObject({
      organization_id: text.describe('Names the organization'),
      organization_alias: text.describe('A name for people').optional(),
      ...demanding,
    }),
  ),
  customers: z.array(z.strictObject({ user_id: text.describe('Names the end user'), alias: text.describe('A name for people').optional(), ...anybody })),
  budgets: z.array(z.strictObject({ budget_id: text.describe('Names the budget; `budget_id` of others means it'), ...allowance })),
  tags: z.array(z.strictObject({ name: text.describe('Names the tag'), description: text.describe('For people').optional(), ...anybody })),
} as const;
