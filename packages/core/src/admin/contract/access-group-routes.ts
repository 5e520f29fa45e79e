import { described, fields, list, only, text } from '../../requests/shape.ts';
import { type AdminRoutes, route } from '../admin-route.ts';
import { anId, aText, id, ids, lacking, listing, stamps, texts } from './field-shapes.ts';
import { ADMIN, ADMIN_VIEW } from './standings.ts';

const groupShown = fields({ ...stamps, access_group: text(), description: aText, model_names: list(text()) });
const newerGroup = {
  description: aText,
  access_model_names: texts,
  ...lacking('access_mcp_server_ids', 'access_agent_ids', 'assigned_team_ids', 'assigned_key_ids'),
};
const newerShown = fields({ ...stamps, access_group_id: text(), access_group_name: text(), description: aText, access_model_names: list(text()) });
const byNewId = { access_group_id: id };

export const ACCESS_GROUP_ROUTES = {
  'access_group.new': route({
    method: 'POST',
    path: '/access_group/new',
    summary: 'Name a group of models, so that lists of models can name it',
    who: ADMIN,
    input: only({ access_group: id, model_names: ids }),
    output: groupShown,
  }),
  'access_group.list': route({
    method: 'GET',
    path: '/access_group/list',
    summary: 'List the access groups',
    who: ADMIN_VIEW,
    input: only(listing),
    output: fields({ access_groups: list(groupShown) }),
    table: { rows: 'access_groups', columns: ['access_group', 'model_names', ...Object.keys(stamps)] },
  }),
  'access_group.info': route({
    method: 'GET',
    path: '/access_group/{access_group}/info',
    summary: 'Show an access group',
    who: ADMIN_VIEW,
    input: only({ access_group: id }),
    output: groupShown,
  }),
  'access_group.update': route({
    method: 'PUT',
    path: '/access_group/{access_group}/update',
    summary: 'Change what is in an access group',
    who: ADMIN,
    input: only({ access_group: id, model_names: ids }),
    output: groupShown,
  }),
  'access_group.delete': route({
    method: 'DELETE',
    path: '/access_group/{access_group}/delete',
    summary: 'Delete an access group',
    who: ADMIN,
    input: only({ access_group: id }),
    output: groupShown,
  }),
  'access_group.create': route({
    method: 'POST',
    path: '/access_group',
    also: ['/unified_access_group'],
    summary: 'The same as `/access_group/new`, by newer names; its name is its id',
    who: ADMIN,
    input: only({ access_group_name: id, ...newerGroup }),
    output: newerShown,
  }),
  'access_group.list_newer': route({
    method: 'GET',
    path: '/access_group',
    also: ['/unified_access_group'],
    summary: 'List the access groups, by newer names',
    who: ADMIN_VIEW,
    input: only(listing),
    output: list(newerShown),
    table: { rows: '', columns: ['access_group_id', 'access_group_name', 'description', 'access_model_names', ...Object.keys(stamps)] },
  }),
  'access_group.get': route({
    method: 'GET',
    path: '/access_group/{access_group_id}',
    also: ['/unified_access_group/{access_group_id}'],
    summary: 'Show an access group, by newer names',
    who: ADMIN_VIEW,
    input: only(byNewId),
    output: newerShown,
  }),
  'access_group.put': route({
    method: 'PUT',
    path: '/access_group/{access_group_id}',
    also: ['/unified_access_group/{access_group_id}'],
    summary: 'Change an access group, by newer names',
    who: ADMIN,
    input: only({ ...byNewId, access_group_name: described(anId, 'Its id, which stays.'), ...newerGroup }),
    output: newerShown,
  }),
  'access_group.remove': route({
    method: 'DELETE',
    path: '/access_group/{access_group_id}',
    also: ['/unified_access_group/{access_group_id}'],
    summary: 'Delete an access group',
    who: ADMIN,
    input: only(byNewId),
    output: newerShown,
  }),
} satisfies AdminRoutes;
