import { described, fields, list, oneOf, only, optional, text, whole } from '../../requests/shape.ts';
import { type AdminRoutes, route } from '../admin-route.ts';
import { aDuration, aFlag, aName, anId, answering, aText, id, ids, lacking, listing, noModelAllowances, spent, stamps, texts } from './field-shapes.ts';
import { keyRow } from './key-routes.ts';
import { ADMIN, EVERY_PERSON, ORGANIZERS } from './standings.ts';
import { teamRow } from './team-routes.ts';

const role = optional(oneOf('proxy_admin', 'proxy_admin_viewer', 'org_admin', 'internal_user', 'internal_user_viewer'));

const kept = {
  user_email: optional(text({ min: 3, max: 320, isPlain: true })),
  user_alias: aName,
  user_role: role,
  sso_user_id: optional(text({ min: 1, max: 1024, isPlain: true })),
  ...answering,
};
const absent = {
  ...noModelAllowances,
  ...lacking(
    'aliases',
    'config',
    'permissions',
    'policies',
    'prompts',
    'object_permission',
    'allowed_cache_controls',
    'spend',
    'send_invite_email',
    'password',
    'agent_id',
  ),
};

const row = { user_id: text(), ...kept, ...spent, ...stamps, teams: list(text()), organizations: list(text()) };
const shown = fields(row);

/** All that a person may change of themselves is the name they go by. */
const OWN_NAME_ONLY = { for: ADMIN, fields: Object.keys({ ...kept, ...absent }).filter((name) => name !== 'user_alias') };

/** Whoever has it logs in as this person. */
const LOGINS_ARE_SET_ABOVE = { for: ADMIN, fields: ['sso_user_id'] };

export const USER_ROUTES = {
  'user.new': route({
    method: 'POST',
    path: '/user/new',
    summary: 'Add a person, with a key unless `auto_create_key` is false',
    who: ORGANIZERS,
    reserved: [LOGINS_ARE_SET_ABOVE],
    input: only({
      user_id: anId,
      ...kept,
      ...absent,
      teams: described(texts, 'Ids of teams to join.'),
      organizations: described(texts, 'Ids of organizations to join.'),
      team_id: anId,
      auto_create_key: aFlag,
      duration: described(aDuration, 'Of the key that is made.'),
      key_alias: aName,
    }),
    output: fields({ ...row, key: aText, token: aText, key_name: aText, expires: aText }),
  }),
  'user.info': route({
    method: 'GET',
    path: '/user/info',
    summary: 'Show a person with keys and teams; without a name the one who asks',
    who: EVERY_PERSON,
    input: only({ user_id: anId }),
    output: fields({ user_id: text(), user_info: shown, keys: list(fields(keyRow)), teams: list(fields(teamRow)) }),
  }),
  'user.info_alone': route({
    method: 'GET',
    path: '/v2/user/info',
    summary: 'Show a person without keys and teams; without a name the one who asks',
    who: EVERY_PERSON,
    input: only({ user_id: anId }),
    output: shown,
  }),
  'user.list': route({
    method: 'GET',
    path: '/user/list',
    summary: 'List the people within reach',
    who: ['proxy_admin', 'proxy_admin_viewer', 'org_admin'],
    input: only({ role, user_ids: texts, sso_user_ids: texts, user_email: aText, team: anId, organization_id: anId, ...listing }),
    output: fields({ users: list(shown), total: whole(0), page: whole(1), page_size: whole(1), total_pages: whole(0) }),
    table: { rows: 'users', columns: Object.keys(row) },
  }),
  'user.update': route({
    method: 'POST',
    path: '/user/update',
    summary: 'Change a person',
    who: ['proxy_admin', 'internal_user'],
    reserved: [OWN_NAME_ONLY],
    input: only({ user_id: anId, ...kept, ...absent }),
    output: fields({ user_id: text(), data: shown }),
  }),
  'user.bulk_update': route({
    method: 'POST',
    path: '/user/bulk_update',
    summary: 'Change several people, all or none',
    who: ADMIN,
    input: only({ users: list(only({ user_id: anId, ...kept, ...absent }), 1), ...lacking('all_users', 'user_updates') }),
    output: fields({
      results: list(fields({ user_id: text(), success: aFlag, updated_user: shown })),
      total_requested: whole(0),
      successful_updates: whole(0),
      failed_updates: whole(0),
    }),
  }),
  'user.delete': route({
    method: 'POST',
    path: '/user/delete',
    summary: 'Remove people with their keys and seats, all or none',
    who: ADMIN,
    input: only({ user_ids: ids }),
    output: fields({ deleted_user_ids: list(id) }),
  }),
} satisfies AdminRoutes;
