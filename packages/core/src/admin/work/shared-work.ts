import type { ObjectKind } from '../../types/directory.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import type { OutputOf } from '../admin-route.ts';
import type { ACCESS_GROUP_ROUTES } from '../contract/access-group-routes.ts';
import type { BUDGET_ROUTES, CUSTOMER_ROUTES, TAG_ROUTES } from '../contract/shared-routes.ts';
import type { Work } from '../desk.ts';
import { newerAccessGroupWork } from './newer-access-group-work.ts';
import { newId } from '../new-id.ts';
import { asLeft, changed, listed, requireReferences, requireUnused, shown, shownWithSpend } from './bodies.ts';

type Customer = OutputOf<(typeof CUSTOMER_ROUTES)['customer.new']>;
type Budget = OutputOf<(typeof BUDGET_ROUTES)['budget.new']>;
type Tag = OutputOf<(typeof TAG_ROUTES)['tag.new']>;
type Group = OutputOf<(typeof ACCESS_GROUP_ROUTES)['access_group.new']>;

/** Everything that a shared budget may be named by. */
const BUDGETED: readonly ObjectKind[] = ['key', 'user', 'team', 'organization', 'project', 'end_user', 'tag'];

export const customerWork: Work<typeof CUSTOMER_ROUTES> = {
  'customer.new': (call) => make<Customer>(call, 'end_user', call.input.user_id, 'user_id'),
  'customer.info': (call, desk) => shownWithSpend<Customer>(desk, call.require('end_user', call.input.end_user_id, 'end_user_id'), 'user_id'),
  'customer.list': (call, desk) =>
    Promise.all(listed(call.list('end_user'), call.input).map((customer) => shownWithSpend<Customer>(desk, customer, 'user_id'))),
  'customer.update': (call) => change<Customer>(call, 'end_user', call.input.user_id, 'user_id'),
  'customer.delete'(call) {
    for (const id of call.input.user_ids) remove(call, 'end_user', id, 'user_ids');
    return { deleted_customers: call.input.user_ids };
  },
  'customer.block': (call) => ({ blocked_users: setBlocked(call, true) }),
  'customer.unblock': (call) => ({ unblocked_users: setBlocked(call, false) }),
};

export const budgetWork: Work<typeof BUDGET_ROUTES> = {
  'budget.new': (call) => make<Budget>(call, 'budget', call.input.budget_id ?? newId(), 'budget_id'),
  'budget.update': (call) => change<Budget>(call, 'budget', call.input.budget_id, 'budget_id'),
  'budget.info': (call) => call.input.budgets.map((id) => shown<Budget>(call.require('budget', id, 'budgets'), 'budget_id')),
  'budget.settings': (call) => shown<Budget>(call.require('budget', call.input.budget_id, 'budget_id'), 'budget_id'),
  'budget.list': (call) => listed(call.list('budget'), call.input).map((budget) => shown<Budget>(budget, 'budget_id')),
  'budget.delete'(call) {
    requireUnused(call, 'budget_id', call.input.id, BUDGETED);
    return shown(remove(call, 'budget', call.input.id, 'id'), 'budget_id');
  },
};

export const tagWork: Work<typeof TAG_ROUTES> = {
  'tag.new': (call) => make<Tag>(call, 'tag', call.input.name, 'name'),
  'tag.update': (call) => change<Tag>(call, 'tag', call.input.name, 'name'),
  async 'tag.info'(call, desk) {
    const tags = call.input.names.map(async (name) => [name, await shownWithSpend<Tag>(desk, call.require('tag', name, 'names'), 'name')] as const);
    return Object.fromEntries(await Promise.all(tags));
  },
  'tag.list': (call, desk) => Promise.all(listed(call.list('tag'), call.input).map((tag) => shownWithSpend<Tag>(desk, tag, 'name'))),
  'tag.delete': (call) => shown(remove(call, 'tag', call.input.name, 'name'), 'name'),
};

export const accessGroupWork: Work<typeof ACCESS_GROUP_ROUTES> = {
  'access_group.new': (call) => make<Group>(call, 'access_group', call.input.access_group, 'access_group'),
  'access_group.list': (call) => ({ access_groups: listed(call.list('access_group'), call.input).map((group) => shown<Group>(group, 'access_group')) }),
  'access_group.info': (call) => shown<Group>(call.require('access_group', call.input.access_group, 'access_group'), 'access_group'),
  'access_group.update': (call) => change<Group>(call, 'access_group', call.input.access_group, 'access_group'),
  'access_group.delete': (call) => shown(remove(call, 'access_group', call.input.access_group, 'access_group'), 'access_group'),
  ...newerAccessGroupWork,
};

function make<Row>(call: AdminCall<object>, kind: ObjectKind, id: string, idName: string): Row {
  const body = changed({}, call.input, [idName]);
  requireReferences(call, body);
  call.create(kind, id, body);
  return shown(asLeft(call, kind, id), idName);
}

function change<Row>(call: AdminCall<object>, kind: ObjectKind, id: string, idName: string): Row {
  const object = call.require(kind, id, idName);
  const body = changed(object.body, call.input, [idName]);
  requireReferences(call, body, object.body);
  call.amend(object, body);
  return shown(asLeft(call, kind, id), idName);
}

function remove(call: AdminCall<object>, kind: ObjectKind, id: string, param: string): ReturnType<typeof call.require> {
  const object = call.require(kind, id, param);
  call.remove(object);
  return object;
}

function setBlocked(call: AdminCall<{ readonly user_ids: readonly string[] }>, isBlocked: boolean): Customer[] {
  return call.input.user_ids.map((id) => {
    // An end user who was never heard of may be blocked as well.
    const customer = call.current('end_user', id);
    const body: JsonObject = changed(customer?.body ?? {}, { blocked: isBlocked || null });
    if (customer) call.amend(customer, body, isBlocked ? 'blocked' : 'unblocked');
    else call.create('end_user', id, body);
    return shown<Customer>(asLeft(call, 'end_user', id), 'user_id');
  });
}
