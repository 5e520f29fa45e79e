import { isDeepStrictEqual } from 'node:util';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { Directory } from '../../directory/directory.ts';
import { isAllowed } from '../../models/wildcard.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import type { Desk } from '../desk.ts';
import { isObject, textsIn } from '../read-body.ts';

export const AMOUNTS = ['max_budget', 'max_cost_per_minute', 'rpm_limit', 'tpm_limit', 'max_parallel_requests'];
const CALENDAR = ['budget_time_zone', 'budget_alignment'];
const AMOUNTS_BY_MODEL = ['model_rpm_limit', 'model_tpm_limit'];
/** What has to be done for each call of the maker's key has to be done for those of the new one. */
const DUTIES = ['guardrails', 'tags', 'enforced_params'];
const BELONGINGS = ['team_id', 'organization_id', 'project_id'];

/**
 * The body of a key that may do no more than the key that makes it. What was left out becomes what the maker has; what
 * was asked for beyond that is refused. Of a key that was there before, only what changes is looked at. Administrators
 * are bound in where a key of theirs may go, and in nothing else.
 * @throws GatewayError `exceeds_maker`
 */
export function withinMaker(call: AdminCall<unknown>, desk: Desk, body: JsonObject, before: JsonObject): JsonObject {
  const maker = boundsOf(call);
  const isAdmin = call.actor.standings.has('proxy_admin');
  const isNew = Object.keys(before).length === 0;
  const isTouched = (fields: readonly string[]): boolean => isNew || fields.some((name) => !isDeepStrictEqual(body[name], before[name]));
  const bounded = { ...body };
  for (const [fields, bound] of isAdmin ? [] : BOUNDS) if (isTouched(fields)) Object.assign(bounded, bound(maker, bounded, call));
  return isTouched(['allowed_routes']) ? withRoutes(maker, bounded, desk, isAdmin) : bounded;
}

type Bound = (maker: JsonObject, body: JsonObject, call: AdminCall<unknown>) => JsonObject;

/** The limits of the key that the call is made with: as the directory has them, or as the host has named the caller. */
function boundsOf({ actor, directory }: AdminCall<unknown>): JsonObject {
  const { keyId, models, budgetNanoUsd, budgetWindow, limits, teamId, allowedRoutes, guardrails, tags } = actor.principal;
  const body = directory.get('key', keyId)?.body;
  if (body) return { ...sharedBudget(body, directory), ...body };
  return {
    models,
    guardrails,
    tags,
    team_id: teamId,
    allowed_routes: allowedRoutes,
    max_budget: budgetNanoUsd === undefined ? undefined : budgetNanoUsd / 1e9,
    budget_duration: budgetWindow?.length,
    rpm_limit: limits?.requestsPerMinute,
    tpm_limit: limits?.tokensPerMinute,
    max_parallel_requests: limits?.parallelCalls,
    max_cost_per_minute: limits?.costPerMinuteNanoUsd === undefined ? undefined : limits.costPerMinuteNanoUsd / 1e9,
  };
}

const withBelongings: Bound = (maker, body) =>
  Object.fromEntries(
    BELONGINGS.filter((name) => maker[name] !== undefined).map((name) => {
      if (body[name] !== undefined && body[name] !== maker[name]) throw exceeds(name, `${name} has to be that of the key that makes it`);
      return [name, maker[name]];
    }),
  );

export function sharedBudget({ budget_id: id }: JsonObject, directory: Directory): JsonObject | undefined {
  return typeof id === 'string' ? directory.get('budget', id)?.body : undefined;
}

const withAmounts: Bound = (maker, body, { directory }) => {
  const shared = sharedBudget(body, directory);
  if (shared?.shadow === true && maker.shadow !== true)
    throw exceeds('budget_id', 'budget_id names a budget that refuses nothing, unlike that of the key that makes it');
  return Object.fromEntries(
    AMOUNTS.filter((name) => typeof maker[name] === 'number').map((name) => [name, atMost(name, maker[name] as number, body[name] ?? shared?.[name])]),
  );
};

/** By which moments a budget goes. */
const withCalendar: Bound = (maker, body) => {
  if (typeof maker.max_budget !== 'number') return {};
  const other = CALENDAR.find((name) => body[name] !== undefined && body[name] !== maker[name]);
  if (other !== undefined) throw exceeds(other, `${other} has to be that of the key that makes it`);
  return Object.fromEntries(CALENDAR.filter((name) => maker[name] !== undefined).map((name) => [name, maker[name]]));
};

/** A budget that starts anew more often is a larger one. */
const withBudgetWindow: Bound = ({ max_budget: most, budget_duration: length }, body, { directory }) => {
  if (typeof most !== 'number') return {};
  const asked = body.budget_duration ?? (length === undefined ? sharedBudget(body, directory)?.budget_duration : undefined);
  if (asked === undefined || asked === length) return length === undefined ? {} : { budget_duration: length };
  const word = length === undefined ? 'left out: the budget of the key that makes it never starts anew' : `'${String(length)}', as for the key that makes it`;
  throw exceeds('budget_duration', `budget_duration has to be ${word}`);
};

const withModelAmounts: Bound = (maker, body) => {
  const bounded = AMOUNTS_BY_MODEL.filter((name) => isObject(maker[name])).map((name): [string, JsonObject] => {
    const own = isObject(body[name]) ? body[name] : {};
    const limits = Object.entries(maker[name] as JsonObject).map(([model, most]) => [model, atMost(`${name}.${model}`, most as number, own[model])]);
    return [name, { ...own, ...Object.fromEntries(limits) }];
  });
  return { ...Object.fromEntries(bounded), ...withModelBudgets(maker.model_max_budget, body.model_max_budget) };
};

/** A budget for a model is an amount and a window; which of two pairs is the larger cannot be told, so they have to be the same. */
function withModelBudgets(bound: unknown, asked: unknown): JsonObject {
  if (!isObject(bound)) return {};
  const own = isObject(asked) ? asked : {};
  const other = Object.keys(bound).find((model) => own[model] !== undefined && !isDeepStrictEqual(own[model], bound[model]));
  if (other !== undefined) throw exceeds(`model_max_budget.${other}`, `model_max_budget.${other} has to be that of the key that makes it`);
  return { model_max_budget: { ...own, ...bound } };
}

const withModels: Bound = (maker, body, { directory }) => {
  const modelsOf = (group: string): readonly string[] => textsIn(directory.get('access_group', group)?.body.model_names);
  const bound = [...textsIn(maker.models), ...textsIn(maker.access_group_ids)];
  if (bound.length === 0) return {};
  const allowed = bound.flatMap((name) => [name, ...modelsOf(name)]);
  const asked = [...textsIn(body.models), ...textsIn(body.access_group_ids)];
  if (asked.length === 0) return { models: textsIn(maker.models), access_group_ids: textsIn(maker.access_group_ids) };
  for (const name of asked) {
    if (bound.includes(name)) continue;
    const meant = directory.get('access_group', name) ? modelsOf(name) : [name];
    if (!meant.every((model) => isAllowed(allowed, model))) throw exceeds('models', `'${name}' is no model of the key that makes it`);
  }
  return {};
};

const withDuties: Bound = (maker, body) =>
  Object.fromEntries(
    DUTIES.filter((name) => textsIn(maker[name]).length > 0).map((name) => [name, [...new Set([...textsIn(maker[name]), ...textsIn(body[name])])]]),
  );

const withExpiry: Bound = ({ expires }, body) => {
  if (typeof expires !== 'string') return {};
  if (typeof body.expires === 'string' && Date.parse(body.expires) > Date.parse(expires))
    throw exceeds('duration', `duration may last until ${expires} at most, when the key that makes it expires`);
  return { expires: body.expires ?? expires };
};

const BUDGET = ['max_budget', 'budget_duration', 'budget_id', ...CALENDAR];
const BOUNDS: readonly (readonly [fields: readonly string[], Bound])[] = [
  [BELONGINGS, withBelongings],
  [[...AMOUNTS, 'budget_id'], withAmounts],
  [BUDGET, withBudgetWindow],
  [BUDGET, withCalendar],
  [[...AMOUNTS_BY_MODEL, 'model_max_budget'], withModelAmounts],
  [['models', 'access_group_ids'], withModels],
  [DUTIES, withDuties],
  [['expires'], withExpiry],
];

/** What calls models an administrator may always give away; what manages, only as far as their own key goes. */
function withRoutes(maker: JsonObject, body: JsonObject, desk: Desk, isAdmin: boolean): JsonObject {
  const bound = textsIn(maker.allowed_routes);
  if (bound.length === 0) return body;
  const asked = textsIn(body.allowed_routes);
  if (asked.length === 0) return { ...body, allowed_routes: bound };
  const allowed = new Set([...bound, ...(isAdmin ? ['llm_api_routes'] : [])].flatMap((entry) => desk.routes.operationsOf(entry)));
  const beyond = asked.find((entry) => !desk.routes.operationsOf(entry).every((operation) => allowed.has(operation)));
  if (beyond !== undefined) throw exceeds('allowed_routes', `'${beyond}' is no route of the key that makes it`);
  return body;
}

function atMost(param: string, most: number, asked: unknown): unknown {
  if (asked === undefined) return most;
  if ((asked as number) > most) throw exceeds(param, `${param} may be at most ${most}, as for the key that makes it`);
  return asked;
}

function exceeds(param: string, message: string): GatewayError {
  return new GatewayError('exceeds_maker', message, { param });
}
