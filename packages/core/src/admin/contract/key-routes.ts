import { described, fields, oneOf, only, optional, record, text } from '../../requests/shape.ts';
import { type AdminRoutes, route, type Standing } from '../admin-route.ts';
import { aFlag, allowance, anId, anObject, aText, dollars, duration, instant, lacking, modelAllowances, stamps, texts } from './field-shapes.ts';

const MAKERS: readonly Standing[] = ['proxy_admin', 'org_admin', 'team_admin', 'internal_user'];
const READERS: readonly Standing[] = [...MAKERS, 'proxy_admin_viewer', 'internal_user_viewer', 'key'];

/** What is the same in a key that is asked for and in one that is shown. */
const kept = {
  key_alias: optional(text({ min: 1, max: 256, isPlain: true })),
  user_id: anId,
  team_id: anId,
  organization_id: anId,
  project_id: anId,
  models: texts,
  aliases: described(optional(record(text({ min: 1, max: 512, isPlain: true }))), 'Models by the names this key calls them.'),
  ...allowance,
  ...modelAllowances,
  temp_budget_increase: optional(dollars),
  temp_budget_expiry: optional(instant),
  metadata: anObject,
  tags: texts,
  guardrails: texts,
  enforced_params: texts,
  allowed_routes: texts,
  access_group_ids: texts,
  blocked: aFlag,
};

const asked = {
  ...kept,
  duration: described(optional(duration), 'After which the key expires.'),
  key_type: optional(oneOf('default', 'llm_api', 'management', 'read_only')),
  ...lacking('spend', 'config', 'permissions', 'policies', 'prompts', 'object_permission', 'allowed_cache_controls', 'allowed_passthrough_routes'),
  ...lacking('allowed_vector_store_indexes', 'router_settings', 'send_invite_email', 'auto_rotate', 'rotation_interval', 'budget_fallbacks', 'agent_id'),
  ...lacking('tpm_limit_type', 'rpm_limit_type'),
};

/** A key as it is shown: all but what opens the door. */
const shown = fields({
  ...kept,
  ...stamps,
  token: described(text(), 'Names the key in records, counters and all these routes; never the key itself.'),
  key_name: text(),
  expires: aText,
});

const made = fields({
  ...kept,
  ...stamps,
  key: described(text(), 'Shown here and nowhere again.'),
  token: text(),
  token_id: text(),
  key_name: text(),
  expires: aText,
});

/** Which key is meant: its id, or itself. */
const aKey = described(text({ min: 1, max: 512, isPlain: true }), 'The key, or its `token`.');

export const KEY_ROUTES = {
  'key.generate': route({
    method: 'POST',
    path: '/key/generate',
    summary: 'Make a key',
    who: MAKERS,
    input: only({ key: optional(text({ min: 16, max: 512, isPlain: true })), ...asked }),
    output: made,
  }),
  'key.info': route({
    method: 'GET',
    path: '/key/info',
    summary: 'Show a key; without a name the one that asks',
    who: READERS,
    input: only({ key: optional(aKey) }),
    output: fields({ key: text(), info: shown }),
  }),
} satisfies AdminRoutes;
