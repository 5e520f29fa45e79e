import { z } from 'zod';
import { amount, count, flag, names, share, text, zone } from './values.ts';

export const length = text.regex(/^\d+(?:s|m|h|d|w|mo)$/, 'expected a length such as 30s, 5m, 2h, 1d, 1w or 1mo');
const moment = z.iso
  .datetime({ offset: true, error: 'expected a time such as 2027-01-31T00:00:00Z' })
  .or(z.iso.date())
  .transform((written) => new Date(written).toISOString());

/** Limits and a budget, of whomever has them, by LiteLLM's names. */
const allowance = {
  rpm_limit: count.describe('Calls a minute').optional(),
  tpm_limit: count.describe('Tokens a minute').optional(),
  max_parallel_requests: count.describe('Calls at the same time').optional(),
  max_cost_per_minute: amount.describe("Sluice's own: USD a minute").optional(),
  max_budget: amount.describe('USD').optional(),
  soft_budget: amount.describe('USD of which is told').optional(),
  budget_duration: length.describe('How long the budget lasts until it starts anew. Default: it never does').optional(),
  budget_time_zone: zone.describe("Sluice's own: the IANA zone of its days, weeks and months. Default: `general_settings.budget_time_zone`").optional(),
  budget_alignment: z
    .enum(['calendar', 'rolling'])
    .describe("Sluice's own: whether it starts anew at a moment (default), or what was spent longer ago no longer counts")
    .optional(),
  degrade: z
    .strictObject({ at: share, to: z.record(text, text) })
    .describe("Sluice's own: `{ at: 0.8, to: { MODEL: CHEAPER } }`, models in place of others from a share of the budget on")
    .optional(),
  shadow: flag.describe("Sluice's own: `true` tells of what goes beyond these, and refuses nothing").optional(),
};

const anybody = {
  ...allowance,
  budget_id: text.describe('A shared budget, for what is not said here').optional(),
  blocked: flag.describe('`true` refuses all its calls').optional(),
  metadata: z.record(z.string(), z.unknown()).describe('For whoever reads it').optional(),
};

const using = {
  ...anybody,
  models: names.describe('Models that may be called; `*` is a wildcard. Default: all').optional(),
  access_group_ids: names.describe('Access groups whose models may be called as well').optional(),
};

const demanding = {
  ...using,
  guardrails: names.describe('Names of guardrails that its calls pass as well').optional(),
  enforced_params: names.describe('Fields that its calls have to bring').optional(),
};

const tags = names.describe('Tags of all its calls').optional();
const aliases = (whose: string): z.ZodOptional => z.record(text, text).describe(`Models by the names ${whose} calls them`).optional();
const modelBudget = z.strictObject({
  budget_limit: amount.describe('USD').optional(),
  time_period: length.describe('How long it lasts').optional(),
  max_budget: amount.describe('Same as `budget_limit`').optional(),
  budget_duration: length.describe('Same as `time_period`').optional(),
});

const key = z
  .strictObject({
    id: text.describe('Names the key in records; never the key itself'),
    key: text.describe('The key that callers present'),
    key_alias: text.describe('A name for people, in records').optional(),
    user_id: text.describe('Whose key it is').optional(),
    team_id: text.describe('Whose calls they are').optional(),
    organization_id: text.describe('Whose calls they are').optional(),
    project_id: text.describe('Whose calls they are').optional(),
    ...demanding,
    model_max_budget: z.record(text, modelBudget).describe('Budgets of single models, `{ MODEL: { budget_limit, time_period } }`').optional(),
    model_rpm_limit: z.record(text, count).describe('Calls a minute of single models').optional(),
    model_tpm_limit: z.record(text, count).describe('Tokens a minute of single models').optional(),
    temp_budget_increase: amount.describe('USD by which its budget is raised until `temp_budget_expiry`').optional(),
    temp_budget_expiry: moment.describe('Until when').optional(),
    aliases: aliases('it'),
    tags,
    allowed_routes: names.describe('Routes it may use, such as `/chat/completions`, `/key/*` or `llm_api_routes`. Default: all').optional(),
    expires: moment.describe('When it stops working').optional(),
  })
  .refine((one) => (one.temp_budget_increase === undefined) === (one.temp_budget_expiry === undefined), {
    path: ['temp_budget_increase'],
    error: 'a budget is raised by an amount and until a date: temp_budget_increase and temp_budget_expiry go together',
  });

/** Who there is by the file. Each list by the field that names its objects. */
export const declaredLists = {
  keys: z.array(key),
  teams: z.array(
    z.strictObject({
      team_id: text.describe('Names the team; `team_id` of keys means it'),
      team_alias: text.describe('A name for people').optional(),
      organization_id: text.describe('Whose team it is').optional(),
      rate_limit: count.describe('Same as `rpm_limit`').optional(),
      members_with_roles: z
        .array(z.strictObject({ user_id: text, role: z.enum(['admin', 'user']).default('user') }))
        .describe('Its members, `{ user_id, role }`')
        .optional(),
      team_member_budget: amount.describe('USD, of each member').optional(),
      team_member_budget_duration: length.describe('How long that lasts').optional(),
      team_member_rpm_limit: count.describe('Calls a minute, of each member').optional(),
      team_member_tpm_limit: count.describe('Tokens a minute, of each member').optional(),
      team_member_permissions: names.describe('Key routes that members may use for keys of the team, such as `/key/generate`').optional(),
      model_aliases: aliases('it'),
      tags,
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
      members: z
        .array(z.strictObject({ user_id: text, user_role: z.enum(['org_admin', 'internal_user', 'internal_user_viewer']).default('internal_user') }))
        .describe('Its members, `{ user_id, user_role }`')
        .optional(),
      ...demanding,
    }),
  ),
  projects: z.array(
    z.strictObject({
      project_id: text.describe('Names the project; `project_id` of keys means it'),
      project_alias: text.describe('A name for people').optional(),
      description: text.describe('For people').optional(),
      team_id: text.describe('Whose project it is').optional(),
      tags,
      ...demanding,
    }),
  ),
  customers: z.array(
    z.strictObject({
      user_id: text.describe('Names the end user'),
      alias: text.describe('A name for people').optional(),
      allowed_model_region: text.describe('The only region that their calls are answered in').optional(),
      ...anybody,
    }),
  ),
  budgets: z.array(z.strictObject({ budget_id: text.describe('Names the budget; `budget_id` of others means it'), ...allowance })),
  tags: z.array(z.strictObject({ name: text.describe('Names the tag'), description: text.describe('For people').optional(), ...anybody })),
  access_groups: z.array(
    z.strictObject({
      access_group: text.describe('Names the group; lists of models may name it'),
      model_names: names.describe('The models in it'),
    }),
  ),
} as const;

/** What is said beforehand of those who are made while the gateway runs. */
export const rulesForNew = {
  default_key_generate_params: z
    .strictObject({
      ...demanding,
      duration: text.describe('After which it expires, such as `30d`').optional(),
      tags,
      allowed_routes: names.describe('Routes it may use').optional(),
    })
    .describe('What a key has that is made by the API, where nothing else is said')
    .optional(),
  upperbound_key_generate_params: z
    .strictObject({
      max_budget: allowance.max_budget,
      budget_duration: length.describe('The one that all have').optional(),
      rpm_limit: allowance.rpm_limit,
      tpm_limit: allowance.tpm_limit,
      max_parallel_requests: allowance.max_parallel_requests,
      max_cost_per_minute: allowance.max_cost_per_minute,
      duration: text.describe('After which it expires at the latest').optional(),
    })
    .describe('The most that a key may be given by the API, and what it has where nothing is said')
    .optional(),
  default_internal_user_params: z
    .strictObject({
      ...demanding,
      user_role: z.enum(['internal_user', 'internal_user_viewer', 'proxy_admin', 'proxy_admin_viewer']).describe('What they may do').optional(),
      teams: names.describe('Teams that they join').optional(),
    })
    .describe('What a user has that is made by the API, where nothing else is said')
    .optional(),
  default_team_params: z
    .strictObject({ ...demanding, tags, team_member_permissions: names.describe('Key routes that its members may use').optional() })
    .describe('What a team has that is made by the API, where nothing else is said')
    .optional(),
  max_keys_per_user: count.describe("Sluice's own: how many keys a person may have at a time. Default: any number").optional(),
};
