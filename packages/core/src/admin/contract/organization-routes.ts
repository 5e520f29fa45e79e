import { either, fields, list, oneOf, only, optional, text } from '../../requests/shape.ts';
import { type AdminRoutes, route } from '../admin-route.ts';
import { aName, anId, answering, aText, id, ids, lacking, listing, noModelAllowances, spent, stamps, texts } from './field-shapes.ts';
import { ADMIN, EVERY_PERSON, ORGANIZERS, TEAM_LEADERS } from './standings.ts';

const seat = oneOf('org_admin', 'internal_user', 'internal_user_viewer');
const newMember = only({ user_id: anId, user_email: aText, role: optional(seat) });
const member = fields({ user_id: anId, user_email: aText, user_role: seat });
const noBudgetOfMembers = lacking('max_budget_in_organization');
const whose = { user_id: anId, user_email: aText };

const organization = {
  organization_alias: aName,
  ...answering,
};
const organizationRow = { organization_id: text(), ...organization, ...spent, ...stamps, members: list(member), teams: list(text()) };
const organizationShown = fields(organizationRow);
const absent = { ...noModelAllowances, ...lacking('object_permission', 'policies') };

/** All that an organization's administrators may change of it is how it is called. */
const NAMES_ONLY = { for: ADMIN, fields: Object.keys({ ...organization, ...absent }).filter((name) => name !== 'organization_alias' && name !== 'metadata') };

export const ORGANIZATION_ROUTES = {
  'organization.new': route({
    method: 'POST',
    path: '/organization/new',
    summary: 'Make an organization',
    who: ADMIN,
    input: only({ organization_id: anId, ...organization, ...absent }),
    output: organizationShown,
  }),
  'organization.info': route({
    method: 'GET',
    path: '/organization/info',
    summary: 'Show an organization',
    who: EVERY_PERSON,
    input: only({ organization_id: id }),
    output: organizationShown,
  }),
  'organization.list': route({
    method: 'GET',
    path: '/organization/list',
    summary: 'List the organizations within reach',
    who: EVERY_PERSON,
    input: only({ org_id: anId, org_alias: aText, ...listing }),
    output: list(organizationShown),
    table: { rows: '', columns: Object.keys(organizationRow) },
  }),
  'organization.infos': route({
    method: 'POST',
    path: '/organization/info',
    summary: 'Show several organizations',
    who: EVERY_PERSON,
    input: only({ organizations: ids }),
    output: list(organizationShown),
  }),
  'organization.update': route({
    method: 'PATCH',
    path: '/organization/update',
    summary: 'Change an organization',
    who: ORGANIZERS,
    reserved: [NAMES_ONLY],
    input: only({ organization_id: id, ...organization, ...absent }),
    output: organizationShown,
  }),
  'organization.delete': route({
    method: 'DELETE',
    path: '/organization/delete',
    summary: 'Delete organizations with all that is theirs, all or none',
    who: ADMIN,
    input: only({ organization_ids: ids }),
    output: list(organizationShown),
  }),
  'organization.member_add': route({
    method: 'POST',
    path: '/organization/member_add',
    summary: 'Give people a seat in an organization',
    who: ORGANIZERS,
    input: only({ organization_id: id, member: either(newMember, list(newMember, 1)), ...noBudgetOfMembers }),
    output: organizationShown,
  }),
  'organization.member_update': route({
    method: 'PATCH',
    path: '/organization/member_update',
    summary: 'Change the seat of a person',
    who: ORGANIZERS,
    input: only({ organization_id: id, ...whose, role: optional(seat), ...noBudgetOfMembers }),
    output: organizationShown,
  }),
  'organization.member_delete': route({
    method: 'DELETE',
    path: '/organization/member_delete',
    summary: 'Take a person out of an organization',
    who: ORGANIZERS,
    input: only({ organization_id: id, ...whose }),
    output: organizationShown,
  }),
} satisfies AdminRoutes;

const project = {
  project_alias: aName,
  description: aText,
  team_id: anId,
  tags: texts,
  ...answering,
};
const projectRow = { project_id: text(), ...project, ...spent, ...stamps };
const projectShown = fields(projectRow);
const byId = { project_id: id };

export const PROJECT_ROUTES = {
  'project.new': route({
    method: 'POST',
    path: '/project/new',
    summary: 'Make a project of a team',
    who: TEAM_LEADERS,
    input: only({ project_id: anId, ...project, ...absent }),
    output: projectShown,
  }),
  'project.info': route({ method: 'GET', path: '/project/info', summary: 'Show a project', who: EVERY_PERSON, input: only(byId), output: projectShown }),
  'project.list': route({
    method: 'GET',
    path: '/project/list',
    summary: 'List the projects within reach',
    who: EVERY_PERSON,
    input: only({ team_id: anId, ...listing }),
    output: list(projectShown),
    table: { rows: '', columns: Object.keys(projectRow) },
  }),
  'project.update': route({
    method: 'POST',
    path: '/project/update',
    summary: 'Change a project',
    who: TEAM_LEADERS,
    input: only({ ...byId, ...project, ...absent }),
    output: projectShown,
  }),
  'project.delete': route({
    method: 'DELETE',
    path: '/project/delete',
    summary: 'Delete projects that no key is in, all or none',
    who: TEAM_LEADERS,
    input: only({ project_ids: ids }),
    output: list(projectShown),
  }),
} satisfies AdminRoutes;
