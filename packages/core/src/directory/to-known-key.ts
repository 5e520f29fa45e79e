import type { KnownKey } from '../keys/key-ring.ts';
import type { Account, Allowance, Principal, Role } from '../types/principal.ts';
import type { ObjectKind } from '../types/directory.ts';
import type { JsonObject } from '../types/json.ts';
import type { Directory, DirectoryObject } from './directory.ts';
import { type BudgetCalendar, toAllowance } from './to-allowance.ts';

/** Words in a list of models that stand for something else than a model. */
const SPECIAL = { teams: 'all-team-models', all: 'all-proxy-models', none: 'no-default-models' } as const;

export type KnownKeyOptions = { readonly calendar: BudgetCalendar; readonly now: number };

/** What a key of the directory stands for: its own fields, and those of everybody who answers for it. */
export function toKnownKey(key: DirectoryObject, directory: Directory, { calendar, now }: KnownKeyOptions): KnownKey {
  const { body } = key;
  const owner = (kind: ObjectKind, field: string): DirectoryObject | undefined => lookUp(directory, kind, body[field]);
  const team = owner('team', 'team_id');
  const user = owner('user', 'user_id');
  const project = owner('project', 'project_id');
  const organization = owner('organization', 'organization_id') ?? lookUp(directory, 'organization', team?.body.organization_id);
  const allowance = (of: JsonObject): Allowance => toAllowance(of, directory, calendar, now);
  const owners = [team, organization, project, team ? undefined : user].filter((one) => one !== undefined);
  const role = user && toRole(user.body.user_role);
  const models = modelsOf(body, directory);
  const tags = [...new Set([team, project, key].flatMap((one) => textsOf(one, 'tags')))];
  const textsOfAll = (field: string): readonly string[] => [organization, team, project, user, key].flatMap((one) => textsOf(one, field));

  const principal: Principal = {
    keyId: key.id,
    ...allowance(body),
    ...textFields(body, { keyAlias: 'key_alias', userId: 'user_id', teamId: 'team_id', projectId: 'project_id' }),
    ...(organization && { organizationId: organization.id }),
    ...(role && { role, ...(role === 'proxy_admin' && { isAdmin: true }) }),
    ...(models && { models }),
    modelBounds: owners.map((one) => modelsOf(one.body, directory)).filter((bound) => bound !== undefined),
    modelAllowances: modelAllowances(body, directory, calendar, now),
    accounts: accountsOf({ team, user, project, organization, member: memberOf(team, user?.id) }, allowance),
    ...listed('tags', tags),
    ...listed('allowedRoutes', textsOf(key, 'allowed_routes')),
    ...listed('enforcedParams', textsOfAll('enforced_params')),
    ...listed('guardrails', textsOfAll('guardrails')),
    ...aliasesOf(team, key),
    ...(isObject(body.metadata) && { metadata: body.metadata }),
  };
  const expiresAt = typeof body.expires === 'string' ? Date.parse(body.expires) : undefined;
  return {
    principal,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    isBlocked: [key, team, user, organization, project].some((one) => one?.body.blocked === true),
  };
}

export function toRole(value: unknown): Role | undefined {
  return ROLES.find((role) => role === value);
}

/** From the most to the least. */
export const ROLES: readonly Role[] = ['proxy_admin', 'proxy_admin_viewer', 'org_admin', 'internal_user', 'internal_user_viewer'];

type Owners = Readonly<Record<'team' | 'user' | 'project' | 'organization', DirectoryObject | undefined>> & { readonly member: JsonObject | undefined };

function accountsOf({ team, user, project, organization, member }: Owners, allowance: (body: JsonObject) => Allowance): Account[] {
  const accounts: Account[] = [];
  const add = (kind: Account['kind'], id: string, body: JsonObject): void => void accounts.push({ ...allowance(body), kind, id });
  // A team's keys are paid by the team, and not by the person who made them.
  if (user && !team) add('user', user.id, user.body);
  if (team) add('team', team.id, team.body);
  if (team && user && member) add('team_member', `${team.id}:${user.id}`, { ...memberDefaults(team.body), ...member });
  if (organization) add('organization', organization.id, organization.body);
  if (project) add('project', project.id, project.body);
  return accounts;
}

function memberOf(team: DirectoryObject | undefined, userId: string | undefined): JsonObject | undefined {
  const members = Array.isArray(team?.body.members_with_roles) ? team.body.members_with_roles : [];
  return members.filter(isObject).find(({ user_id: id }) => id === userId && id !== undefined);
}

function memberDefaults(team: JsonObject): JsonObject {
  return {
    max_budget: team.team_member_budget,
    budget_duration: team.team_member_budget_duration,
    rpm_limit: team.team_member_rpm_limit,
    tpm_limit: team.team_member_tpm_limit,
  };
}

/** Budgets and limits of single models: `model_max_budget: { m: { budget_limit, time_period } }`, `model_rpm_limit: { m: 10 }`. */
function modelAllowances(body: JsonObject, directory: Directory, calendar: BudgetCalendar, now: number): Record<string, Allowance> {
  const [budgets, requests, tokens] = ['model_max_budget', 'model_rpm_limit', 'model_tpm_limit'].map((field) => (isObject(body[field]) ? body[field] : {}));
  const names = new Set([budgets, requests, tokens].flatMap((byModel) => Object.keys(byModel ?? {})));
  return Object.fromEntries(
    [...names].map((name) => {
      const budget = isObject(budgets?.[name]) ? budgets[name] : { budget_limit: budgets?.[name] };
      const fields = { max_budget: budget.budget_limit ?? budget.max_budget, budget_duration: budget.time_period ?? budget.budget_duration };
      return [name, toAllowance({ ...fields, rpm_limit: requests?.[name], tpm_limit: tokens?.[name] }, directory, calendar, now)];
    }),
  );
}

/** The models of a body, where they limit anything: names of access groups stand for their models. */
function modelsOf({ models: value, access_group_ids: groups }: JsonObject, directory: Directory): readonly string[] | undefined {
  const models = [...(Array.isArray(value) ? texts(value) : []), ...(Array.isArray(groups) ? texts(groups) : [])];
  if (models.length === 0 || models.includes(SPECIAL.teams) || models.includes(SPECIAL.all)) return undefined;
  return models.flatMap((model) => [model, ...groupModels(directory, model)]).filter((model) => model !== SPECIAL.none);
}

function groupModels(directory: Directory, name: string): readonly string[] {
  const models = directory.get('access_group', name)?.body.model_names;
  return Array.isArray(models) ? texts(models) : [];
}

function textsOf(object: DirectoryObject | undefined, field: string): readonly string[] {
  const value = object?.body[field];
  return Array.isArray(value) ? texts(value) : [];
}

function listed(name: 'tags' | 'allowedRoutes' | 'enforcedParams' | 'guardrails', values: readonly string[]): Partial<Principal> {
  return values.length === 0 ? {} : { [name]: [...new Set(values)] };
}

/** A key's own aliases go before its team's. */
function aliasesOf(team: DirectoryObject | undefined, key: DirectoryObject): Pick<Principal, 'modelAliases'> {
  const aliases = { ...(isObject(team?.body.model_aliases) && team.body.model_aliases), ...(isObject(key.body.aliases) && key.body.aliases) };
  const named = Object.entries(aliases).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return named.length === 0 ? {} : { modelAliases: Object.fromEntries(named) };
}

function textFields(body: JsonObject, names: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).flatMap(([ours, theirs]) => (typeof body[theirs] === 'string' ? [[ours, body[theirs]]] : [])));
}

function lookUp(directory: Directory, kind: ObjectKind, id: unknown): DirectoryObject | undefined {
  return typeof id === 'string' ? directory.get(kind, id) : undefined;
}

function texts(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string');
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
