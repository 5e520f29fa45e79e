import type { JsonObject, ObjectKind } from '@sluice/core';
import type { AdminRouteName } from '@sluice/core/admin';

/** An object that a route is asked about, and how it is named there. */
export type Aim = { readonly kind: ObjectKind; readonly name: (id: string) => JsonObject; readonly isMade?: boolean };

const one = (kind: ObjectKind, field: string, more: JsonObject = {}): Aim => ({ kind, name: (id) => ({ [field]: id, ...more }) });
const several = (kind: ObjectKind, field: string): Aim => ({ kind, name: (id) => ({ [field]: [id] }) });
/** For what is made: the object in which it is made. */
const within = (kind: ObjectKind, field: string, more: JsonObject = {}): Aim => ({ ...one(kind, field, more), isMade: true });

/** Somebody with a seat in each group. */
const SEATED: Readonly<Record<string, string>> = { T: 'member', U: 'stranger', V: 'outsider', O: 'member', P: 'stranger' };
const seatOf = (kind: ObjectKind, field: string): Aim => ({ kind, name: (id) => ({ [field]: id, user_id: SEATED[id] ?? 'member' }) });

/** What each route is about. Routes that are not here list, or take no name. */
export const AIMS: Readonly<Partial<Record<AdminRouteName, Aim>>> = {
  'key.generate': within('team', 'team_id'),
  'key.generate_service_account': within('team', 'team_id'),
  'key.info': one('key', 'key'),
  'key.update': one('key', 'key'),
  'key.bulk_update': { kind: 'key', name: (id) => ({ keys: [{ key: id }] }) },
  'key.delete': several('key', 'keys'),
  'key.block': one('key', 'key'),
  'key.unblock': one('key', 'key'),
  'key.regenerate': one('key', 'key'),
  'user.new': { kind: 'organization', name: (id) => ({ organizations: [id], auto_create_key: false }), isMade: true },
  'user.info': one('user', 'user_id'),
  'user.info_alone': one('user', 'user_id'),
  'user.update': one('user', 'user_id'),
  'user.bulk_update': { kind: 'user', name: (id) => ({ users: [{ user_id: id }] }) },
  'user.delete': several('user', 'user_ids'),
  'team.new': within('organization', 'organization_id'),
  'team.info': one('team', 'team_id'),
  'team.update': one('team', 'team_id'),
  'team.patch': one('team', 'team_id'),
  'team.delete': several('team', 'team_ids'),
  'team.block': one('team', 'team_id'),
  'team.unblock': one('team', 'team_id'),
  'team.member_add': one('team', 'team_id', { member: { user_email: 'new@example.com' } }),
  'team.bulk_member_add': one('team', 'team_id', { members: [{ user_email: 'new@example.com' }] }),
  'team.member_update': seatOf('team', 'team_id'),
  'team.member_delete': seatOf('team', 'team_id'),
  'team.model_add': one('team', 'team_id', { models: ['n'] }),
  'team.model_delete': one('team', 'team_id', { models: ['m'] }),
  'team.permissions_list': one('team', 'team_id'),
  'team.permissions_update': one('team', 'team_id', { team_member_permissions: ['/key/generate'] }),
  'organization.info': one('organization', 'organization_id'),
  'organization.infos': several('organization', 'organizations'),
  'organization.update': one('organization', 'organization_id'),
  'organization.delete': several('organization', 'organization_ids'),
  'organization.member_add': one('organization', 'organization_id', { member: { user_email: 'new@example.com' } }),
  'organization.member_update': seatOf('organization', 'organization_id'),
  'organization.member_delete': seatOf('organization', 'organization_id'),
  'project.new': within('team', 'team_id'),
  'project.info': one('project', 'project_id'),
  'project.update': one('project', 'project_id'),
  'project.delete': several('project', 'project_ids'),
  'customer.info': one('end_user', 'end_user_id'),
  'customer.update': one('end_user', 'user_id'),
  'customer.delete': several('end_user', 'user_ids'),
  'budget.update': one('budget', 'budget_id'),
  'budget.info': several('budget', 'budgets'),
  'budget.settings': one('budget', 'budget_id'),
  'budget.delete': one('budget', 'id'),
  'tag.update': one('tag', 'name'),
  'tag.info': several('tag', 'names'),
  'tag.delete': one('tag', 'name'),
  'model.update': { kind: 'model', name: (id) => ({ model_info: { id } }) },
  'model.patch': one('model', 'model_id'),
  'model.delete': one('model', 'id'),
  'model.block': one('model', 'id'),
  'model.unblock': one('model', 'id'),
  'credential.info': one('credential', 'credential_name'),
  'credential.update': one('credential', 'credential_name'),
  'credential.delete': one('credential', 'credential_name'),
  'spend.logs': one('key', 'api_key'),
  'spend.logs_v2': one('key', 'api_key'),
  'spend.users': one('user', 'user_id'),
  'spend.report': one('team', 'team_id'),
  'global.report': one('organization', 'organization_id'),
  'user.daily_activity': one('user', 'user_id'),
  'team.daily_activity': one('team', 'team_ids'),
  'organization.daily_activity': one('organization', 'organization_ids'),
  'access_group.get': one('access_group', 'access_group_id'),
  'access_group.put': one('access_group', 'access_group_id'),
  'access_group.remove': one('access_group', 'access_group_id'),
  'access_group.info': one('access_group', 'access_group'),
  'access_group.update': one('access_group', 'access_group', { model_names: ['m'] }),
  'access_group.delete': one('access_group', 'access_group'),
};

/** The required rest of those without an aim. */
export const REQUIRED: Readonly<Partial<Record<AdminRouteName, JsonObject>>> = {
  'organization.new': {},
  'key.reset_spend': { key: 'root' },
  'access_group.create': { access_group_name: 'new', access_model_names: ['m'] },
  'customer.new': { user_id: 'new' },
  'customer.block': { user_ids: ['C'] },
  'customer.unblock': { user_ids: ['C'] },
  'budget.new': {},
  'tag.new': { name: 'new' },
  'access_group.new': { access_group: 'new', model_names: ['m'] },
  'model.new': { model_name: 'new', litellm_params: { model: 'openai/gpt-4o', api_key: 'x' } },
  'credential.new': { credential_name: 'new', credential_values: { api_key: 'x' } },
  'audit.info': { id: '999999' },
  'spend.calculate': { model: 'nothing', messages: [{ role: 'user', content: 'hi' }] },
};

/** Those that are not answered with 200 even to those who may, and with which code they are. */
export const REFUSED: Readonly<Partial<Record<AdminRouteName, string>>> = {
  'audit.info': 'object_not_found',
  'spend.calculate': 'model_not_found',
  'global.reset': 'unsupported_operation',
  'key.reset_spend': 'unsupported_operation',
};

/** The path with the names that stand in it, and what is left of the input. */
export function fill(path: string, input: JsonObject): { readonly path: string; readonly input: JsonObject } {
  const rest: Record<string, unknown> = { ...input };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  return { path: filled, input: rest };
}
