import { described, either, fields, list, oneOf, only, optional, record, text, whole } from '../../requests/shape.ts';
import { type AdminRoutes, route } from '../admin-route.ts';
import {
  aDuration,
  aFlag,
  aName,
  anAmount,
  anId,
  anInstant,
  answering,
  aText,
  format,
  id,
  ids,
  lacking,
  modelAllowances,
  paging,
  spent,
  stamps,
  texts,
} from './field-shapes.ts';
import { ADMIN, EVERYBODY, EVERY_PERSON, ORGANIZERS, SELVES, TEAM_LEADERS } from './standings.ts';

/** What is the same in a key that is asked for and in one that is shown. */
const kept = {
  key_alias: aName,
  user_id: anId,
  team_id: anId,
  organization_id: anId,
  project_id: anId,
  aliases: described(optional(record(text({ min: 1, max: 512, isPlain: true }))), 'Models by the names this key calls them.'),
  ...modelAllowances,
  temp_budget_increase: anAmount,
  temp_budget_expiry: anInstant,
  tags: texts,
  allowed_routes: texts,
  ...answering,
};

const asked = {
  ...kept,
  duration: described(aDuration, 'After which the key expires.'),
  key_type: optional(oneOf('default', 'llm_api', 'management', 'read_only')),
  ...lacking('spend', 'config', 'permissions', 'policies', 'prompts', 'object_permission', 'allowed_cache_controls', 'allowed_passthrough_routes'),
  ...lacking('allowed_vector_store_indexes', 'router_settings', 'send_invite_email', 'auto_rotate', 'rotation_interval', 'budget_fallbacks', 'agent_id'),
  ...lacking('tpm_limit_type', 'rpm_limit_type'),
};

/** A key as it is shown: all but what opens the door. */
export const keyRow = {
  token: described(text(), 'Names the key in records, counters and all these routes; never the key itself.'),
  key_name: text(),
  ...kept,
  expires: aText,
  ...spent,
  ...stamps,
};
const shown = fields(keyRow);
const made = fields({ ...keyRow, key: described(text(), 'Shown here and nowhere again.'), token_id: text() });

/** Which key is meant: its id, or itself. */
const key = described(text({ min: 1, max: 512, isPlain: true }), 'The key, or its `token`.');
const chosen = optional(text({ min: 16, max: 512, isPlain: true }));
/** Raising a budget and lifting a block are not its owner's to do, and nobody has an organization pay who does not lead it. */
const RESERVED = [
  { for: TEAM_LEADERS, fields: ['temp_budget_increase', 'temp_budget_expiry', 'blocked'] },
  { for: ORGANIZERS, fields: ['organization_id', 'shadow'] },
];
const change = only({ key, ...asked });
const failure = fields({ key: text(), failed_reason: text() });

export const KEY_ROUTES = {
  'key.generate': route({
    method: 'POST',
    path: '/key/generate',
    summary: 'Make a key',
    who: SELVES,
    reserved: RESERVED,
    input: only({ key: chosen, ...asked }),
    output: made,
  }),
  'key.generate_service_account': route({
    method: 'POST',
    path: '/key/service-account/generate',
    summary: 'Make a key of a team that is nobody’s own',
    who: TEAM_LEADERS,
    reserved: RESERVED,
    input: only({ key: chosen, ...asked, team_id: id }),
    output: made,
  }),
  'key.info': route({
    method: 'GET',
    path: '/key/info',
    summary: 'Show a key; without a name the one that asks',
    who: EVERYBODY,
    input: only({ key: optional(key) }),
    output: fields({ key: text(), info: shown }),
  }),
  'key.list': route({
    method: 'GET',
    path: '/key/list',
    summary: 'List the keys within reach',
    who: EVERY_PERSON,
    input: only({
      user_id: anId,
      team_id: anId,
      organization_id: anId,
      project_id: anId,
      key_hash: anId,
      key_alias: aText,
      status: optional(oneOf('active', 'expired', 'blocked')),
      return_full_object: aFlag,
      include_team_keys: described(aFlag, 'Of the teams of `user_id` as well.'),
      include_created_by_keys: described(aFlag, 'Made by `user_id` as well.'),
      search: described(aText, 'A part of an id or an alias.'),
      ...paging,
      ...format,
    }),
    output: fields({ keys: list(either(text(), shown)), total_count: whole(0), current_page: whole(1), total_pages: whole(0) }),
    table: { rows: 'keys', columns: Object.keys(keyRow) },
  }),
  'key.aliases': route({
    method: 'GET',
    path: '/key/aliases',
    summary: 'List the aliases of the keys within reach',
    who: EVERY_PERSON,
    input: only({ search: aText, ...paging }),
    output: fields({ aliases: list(text()), total_count: whole(0), current_page: whole(1), total_pages: whole(0) }),
  }),
  'key.update': route({
    method: 'POST',
    path: '/key/update',
    summary: 'Change a key',
    who: SELVES,
    reserved: RESERVED,
    input: change,
    output: fields({ ...keyRow, key: text() }),
  }),
  'key.bulk_update': route({
    method: 'POST',
    path: '/key/bulk_update',
    summary: 'Change several keys, all or none',
    who: ['proxy_admin'],
    input: only({ keys: list(change, 1) }),
    output: fields({ total_requested: whole(0), successful_updates: list(fields({ key: text(), key_info: shown })), failed_updates: list(failure) }),
  }),
  'key.delete': route({
    method: 'POST',
    path: '/key/delete',
    summary: 'Delete keys, all or none',
    who: SELVES,
    input: only({ keys: optional(list(key, 1)), key_aliases: optional(ids) }),
    output: fields({ deleted_keys: list(text()) }),
  }),
  'key.block': route({ method: 'POST', path: '/key/block', summary: 'Block a key', who: TEAM_LEADERS, input: only({ key }), output: shown }),
  'key.unblock': route({ method: 'POST', path: '/key/unblock', summary: 'Unblock a key', who: TEAM_LEADERS, input: only({ key }), output: shown }),
  'key.regenerate': route({
    method: 'POST',
    path: '/key/{key}/regenerate',
    also: ['/key/regenerate'],
    summary: 'Give a key another secret; the old one lives on for `grace_period`',
    who: SELVES,
    reserved: RESERVED,
    input: only({ key, ...asked, grace_period: aDuration, new_key: chosen }),
    output: made,
  }),
  'key.reset_spend': route({
    method: 'POST',
    path: '/key/{key}/reset_spend',
    summary: 'Refused: what was spent was spent. Raise the budget, for a while by `temp_budget_increase`',
    who: ADMIN,
    input: only({ key, reset_to: anAmount }),
    output: shown,
  }),
  'key.health': route({
    method: 'POST',
    path: '/key/health',
    summary: 'Whether the key that asks is in order',
    who: EVERYBODY,
    input: only({}),
    output: fields({ key: oneOf('healthy') }),
  }),
} satisfies AdminRoutes;
