import { described, fields, list, only, record, text } from '../../requests/shape.ts';
import { type AdminRoutes, route } from '../admin-route.ts';
import { aFlag, allowance, aName, anId, aText, id, ids, lacking, listing, noModelAllowances, ownAllowance, spent, stamps } from './field-shapes.ts';
import { ADMIN, ADMIN_VIEW } from './standings.ts';

const customer = { alias: aName, ...allowance, allowed_model_region: described(aName, 'The only region that their calls are answered in.'), blocked: aFlag };
const customerRow = { user_id: text(), ...customer, ...spent, ...stamps };
const customerShown = fields(customerRow);
const absentOfCustomers = { ...noModelAllowances, ...lacking('default_model', 'object_permission', 'spend') };

export const CUSTOMER_ROUTES = {
  'customer.new': route({
    method: 'POST',
    path: '/customer/new',
    also: ['/end_user/new'],
    summary: 'Add an end user',
    who: ADMIN,
    input: only({ user_id: id, ...customer, ...absentOfCustomers }),
    output: customerShown,
  }),
  'customer.info': route({
    method: 'GET',
    path: '/customer/info',
    also: ['/end_user/info'],
    summary: 'Show an end user',
    who: ADMIN_VIEW,
    input: only({ end_user_id: id }),
    output: customerShown,
  }),
  'customer.list': route({
    method: 'GET',
    path: '/customer/list',
    also: ['/end_user/list'],
    summary: 'List the end users',
    who: ADMIN_VIEW,
    input: only(listing),
    output: list(customerShown),
    table: { rows: '', columns: Object.keys(customerRow) },
  }),
  'customer.update': route({
    method: 'POST',
    path: '/customer/update',
    also: ['/end_user/update'],
    summary: 'Change an end user',
    who: ADMIN,
    input: only({ user_id: id, ...customer, ...absentOfCustomers }),
    output: customerShown,
  }),
  'customer.delete': route({
    method: 'POST',
    path: '/customer/delete',
    also: ['/end_user/delete'],
    summary: 'Forget end users, all or none',
    who: ADMIN,
    input: only({ user_ids: ids }),
    output: fields({ deleted_customers: list(text()) }),
  }),
  'customer.block': route({
    method: 'POST',
    path: '/customer/block',
    also: ['/end_user/block'],
    summary: 'Refuse the calls of end users',
    who: ADMIN,
    input: only({ user_ids: ids }),
    output: fields({ blocked_users: list(customerShown) }),
  }),
  'customer.unblock': route({
    method: 'POST',
    path: '/customer/unblock',
    also: ['/end_user/unblock'],
    summary: 'Take the calls of end users again',
    who: ADMIN,
    input: only({ user_ids: ids }),
    output: fields({ unblocked_users: list(customerShown) }),
  }),
} satisfies AdminRoutes;

const budget = { ...ownAllowance, ...lacking('model_max_budget', 'budget_reset_at') };
const budgetRow = { budget_id: text(), ...ownAllowance, ...stamps };
const budgetShown = fields(budgetRow);

export const BUDGET_ROUTES = {
  'budget.new': route({
    method: 'POST',
    path: '/budget/new',
    summary: 'Make a budget to be shared',
    who: ADMIN,
    input: only({ budget_id: anId, ...budget }),
    output: budgetShown,
  }),
  'budget.update': route({
    method: 'POST',
    path: '/budget/update',
    summary: 'Change a budget',
    who: ADMIN,
    input: only({ budget_id: id, ...budget }),
    output: budgetShown,
  }),
  'budget.info': route({
    method: 'POST',
    path: '/budget/info',
    summary: 'Show budgets',
    who: ADMIN_VIEW,
    input: only({ budgets: ids }),
    output: list(budgetShown),
  }),
  'budget.settings': route({
    method: 'GET',
    path: '/budget/settings',
    summary: 'Show a budget',
    who: ADMIN_VIEW,
    input: only({ budget_id: id }),
    output: budgetShown,
  }),
  'budget.list': route({
    method: 'GET',
    path: '/budget/list',
    summary: 'List the budgets',
    who: ADMIN_VIEW,
    input: only(listing),
    output: list(budgetShown),
    table: { rows: '', columns: Object.keys(budgetRow) },
  }),
  'budget.delete': route({
    method: 'POST',
    path: '/budget/delete',
    summary: 'Delete a budget that nothing names',
    who: ADMIN,
    input: only({ id }),
    output: budgetShown,
  }),
} satisfies AdminRoutes;

const tagKept = { description: aText, ...allowance };
const tag = { ...tagKept, ...noModelAllowances, ...lacking('models') };
const tagRow = { name: text(), ...tagKept, ...spent, ...stamps };
const tagShown = fields(tagRow);

export const TAG_ROUTES = {
  'tag.new': route({ method: 'POST', path: '/tag/new', summary: 'Make a tag', who: ADMIN, input: only({ name: id, ...tag }), output: tagShown }),
  'tag.update': route({ method: 'POST', path: '/tag/update', summary: 'Change a tag', who: ADMIN, input: only({ name: id, ...tag }), output: tagShown }),
  'tag.info': route({
    method: 'POST',
    path: '/tag/info',
    summary: 'Show tags by name',
    who: ADMIN_VIEW,
    input: only({ names: ids }),
    output: record(tagShown),
  }),
  'tag.list': route({
    method: 'GET',
    path: '/tag/list',
    summary: 'List the tags',
    who: ADMIN_VIEW,
    input: only(listing),
    output: list(tagShown),
    table: { rows: '', columns: Object.keys(tagRow) },
  }),
  'tag.delete': route({ method: 'POST', path: '/tag/delete', summary: 'Delete a tag', who: ADMIN, input: only({ name: id }), output: tagShown }),
} satisfies AdminRoutes;
