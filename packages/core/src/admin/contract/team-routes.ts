import { described, either, fields, list, oneOf, only, optional, record, text, whole } from '../../requests/shape.ts';
import { type AdminRoutes, route } from '../admin-route.ts';
import {
  aBudgetLength,
  aLimit,
  ALLOWANCE_FIELDS,
  aName,
  anAmount,
  anId,
  answering,
  aText,
  id,
  ids,
  lacking,
  listing,
  noModelAllowances,
  spent,
  stamps,
  texts,
} from './field-shapes.ts';
import { keyRow } from './key-routes.ts';
import { EVERY_PERSON, ORGANIZERS, TEAM_LEADERS } from './standings.ts';

const seat = oneOf('admin', 'user');
const newMember = { user_id: anId, user_email: aText, role: optional(seat) };
const memberLimits = { max_budget_in_team: anAmount, budget_duration: aBudgetLength, tpm_limit: aLimit, rpm_limit: aLimit };
const member = fields({
  user_id: anId,
  user_email: aText,
  role: seat,
  max_budget: anAmount,
  budget_duration: aBudgetLength,
  tpm_limit: aLimit,
  rpm_limit: aLimit,
});
const members = list(only(newMember));

const kept = {
  team_alias: aName,
  organization_id: anId,
  model_aliases: described(optional(record(text({ min: 1, max: 512, isPlain: true }))), 'Models by the names this team’s keys call them.'),
  team_member_budget: described(anAmount, 'Of each member without one of their own.'),
  team_member_budget_duration: aBudgetLength,
  team_member_rpm_limit: aLimit,
  team_member_tpm_limit: aLimit,
  team_member_permissions: described(texts, 'Key routes that members may use for keys of the team, such as `/key/generate`.'),
  tags: texts,
  ...answering,
};
const absent = {
  ...noModelAllowances,
  ...lacking(
    'team_member_key_duration',
    'policies',
    'prompts',
    'object_permission',
    'router_settings',
    'allowed_passthrough_routes',
    'allowed_vector_store_indexes',
    'secret_manager_settings',
    'logging',
  ),
};

export const teamRow = { team_id: text(), ...kept, ...spent, ...stamps, members_with_roles: list(member) };
const shown = fields(teamRow);
const team = only({ team_id: id });
/** What limits a team is set by those above it. */
const LIMITS_ARE_SET_ABOVE = {
  for: ORGANIZERS,
  fields: [...ALLOWANCE_FIELDS, 'organization_id', 'models', 'access_group_ids', 'guardrails', 'tags', 'enforced_params', 'blocked'],
};
const whose = { user_id: anId, user_email: aText };

export const TEAM_ROUTES = {
  'team.new': route({
    method: 'POST',
    path: '/team/new',
    summary: 'Make a team',
    who: ORGANIZERS,
    input: only({ team_id: anId, ...kept, ...absent, members_with_roles: optional(members), members: texts, admins: texts }),
    output: shown,
  }),
  'team.info': route({
    method: 'GET',
    path: '/team/info',
    summary: 'Show a team with its keys',
    who: EVERY_PERSON,
    input: only({ team_id: id }),
    output: fields({ team_id: text(), team_info: shown, keys: list(fields(keyRow)), team_memberships: list(member) }),
  }),
  'team.list': route({
    method: 'GET',
    path: '/team/list',
    summary: 'List the teams within reach',
    who: EVERY_PERSON,
    input: only({ user_id: anId, organization_id: anId, ...listing }),
    output: list(shown),
    table: { rows: '', columns: Object.keys(teamRow) },
  }),
  'team.list_pages': route({
    method: 'GET',
    path: '/v2/team/list',
    summary: 'List the teams within reach, by pages',
    who: EVERY_PERSON,
    input: only({ user_id: anId, organization_id: anId, team_id: anId, team_alias: aText, ...listing }),
    output: fields({ teams: list(shown), total: whole(0), page: whole(1), page_size: whole(1), total_pages: whole(0) }),
    table: { rows: 'teams', columns: Object.keys(teamRow) },
  }),
  'team.update': route({
    method: 'POST',
    path: '/team/update',
    summary: 'Change a team',
    who: TEAM_LEADERS,
    reserved: [LIMITS_ARE_SET_ABOVE],
    input: only({ team_id: id, ...kept, ...absent }),
    output: fields({ team_id: text(), data: shown }),
  }),
  'team.patch': route({
    method: 'PATCH',
    path: '/team/{team_id}',
    summary: 'The same, with the id in the path',
    who: TEAM_LEADERS,
    reserved: [LIMITS_ARE_SET_ABOVE],
    input: only({ team_id: id, ...kept, ...absent }),
    output: fields({ team_id: text(), data: shown }),
  }),
  'team.delete': route({
    method: 'POST',
    path: '/team/delete',
    summary: 'Delete teams with their keys and projects, all or none',
    who: ORGANIZERS,
    input: only({ team_ids: ids }),
    output: fields({ deleted_team_ids: list(text()) }),
  }),
  'team.block': route({ method: 'POST', path: '/team/block', summary: 'Block all keys of a team', who: ORGANIZERS, input: team, output: shown }),
  'team.unblock': route({ method: 'POST', path: '/team/unblock', summary: 'Unblock a team', who: ORGANIZERS, input: team, output: shown }),
  'team.member_add': route({
    method: 'POST',
    path: '/team/member_add',
    summary: 'Give people a seat in a team',
    who: TEAM_LEADERS,
    input: only({ team_id: id, member: either(only(newMember), list(only(newMember), 1)), ...memberLimits }),
    output: shown,
  }),
  'team.bulk_member_add': route({
    method: 'POST',
    path: '/team/bulk_member_add',
    summary: 'Give several people a seat in a team',
    who: TEAM_LEADERS,
    input: only({ team_id: id, members: list(only(newMember), 1), ...memberLimits }),
    output: shown,
  }),
  'team.member_update': route({
    method: 'POST',
    path: '/team/member_update',
    summary: 'Change the seat of a person, or what they may use of the team',
    who: TEAM_LEADERS,
    input: only({ team_id: id, ...whose, role: optional(seat), ...memberLimits }),
    output: fields({ team_id: text(), user_id: anId, user_email: aText, ...memberLimits }),
  }),
  'team.member_delete': route({
    method: 'POST',
    path: '/team/member_delete',
    summary: 'Take a person out of a team, with their keys of it',
    who: TEAM_LEADERS,
    input: only({ team_id: id, ...whose }),
    output: shown,
  }),
  'team.model_add': route({
    method: 'POST',
    path: '/team/model/add',
    summary: 'Let a team use more models',
    who: ORGANIZERS,
    input: only({ team_id: id, models: ids }),
    output: shown,
  }),
  'team.model_delete': route({
    method: 'POST',
    path: '/team/model/delete',
    summary: 'Let a team use fewer models',
    who: ORGANIZERS,
    input: only({ team_id: id, models: ids }),
    output: shown,
  }),
  'team.permissions_list': route({
    method: 'GET',
    path: '/team/permissions_list',
    summary: 'What members of a team may do with its keys',
    who: TEAM_LEADERS,
    input: only({ team_id: id }),
    output: fields({ team_id: text(), team_member_permissions: list(text()), all_available_permissions: list(text()) }),
  }),
  'team.permissions_update': route({
    method: 'POST',
    path: '/team/permissions_update',
    summary: 'Say what members of a team may do with its keys',
    who: TEAM_LEADERS,
    input: only({ team_id: id, team_member_permissions: list(text({ min: 1 })) }),
    output: shown,
  }),
} satisfies AdminRoutes;
