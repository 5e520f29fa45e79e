import { namedModels } from '../../models/named-models.ts';
import type { Context } from '../../pipeline/context.ts';
import type { Allowance, Owner, OwnerKind, Policy, Principal } from '../../types/principal.ts';

/** What those have of whom nothing else is said. */
export type Defaults = {
  /** Each key without limits, or without a budget, of its own. */
  readonly perKey?: Allowance | undefined;
  /** Each user without any of their own. */
  readonly perUser?: Allowance | undefined;
  /** Single users, by id: the user of the key, or else whom the request names. */
  readonly users?: Readonly<Record<string, Allowance>> | undefined;
  /** Each team without limits, or without a budget, of its own. */
  readonly perTeam?: Allowance | undefined;
  /** Each end user without any of their own. */
  readonly perEndUser?: Allowance | undefined;
  /** All calls together. */
  readonly gateway?: Allowance | undefined;
};

const OF: Readonly<Record<OwnerKind | 'group' | 'priority', string>> = {
  key: 'of this key',
  key_model: 'of this key for this model',
  user: 'of this user',
  team: 'of this team',
  team_member: 'of this member of the team',
  organization: 'of this organization',
  project: 'of this project',
  end_user: 'of this end user',
  tag: 'of this tag',
  address: 'of this address',
  gateway: 'of the whole gateway',
  provider: 'of this provider',
  deployment: 'of this deployment',
  group: 'of this model',
  priority: 'of this priority, while the model is nearly at its capacity,',
};

/** Whose, in a sentence. */
export function ownedBy(kind: keyof typeof OF): string {
  return OF[kind];
}

/** Finds everybody who answers for a call, the nearest first. */
export function ownerFinder({ perKey = {}, perUser, users, perTeam, perEndUser, gateway: together }: Defaults): (ctx: Context) => Owner[] {
  const gateway: Owner = { ...together, kind: 'gateway', id: '' };
  const hasUsers = perUser !== undefined || users !== undefined;

  return function ownersOf({ principal, policy, request }) {
    const owners: Owner[] = [];
    if (principal) {
      owners.push(keyOf(principal, perKey));
      if (principal.modelAllowances)
        for (const model of namedModels(request)) {
          const forModel = principal.modelAllowances[model];
          if (forModel) owners.push({ ...forModel, kind: 'key_model', id: `${principal.keyId}:${model}` });
        }
      if (principal.accounts)
        owners.push(
          ...(perTeam ? principal.accounts.map((account) => (account.kind === 'team' ? withDefault(account, perTeam) : account)) : principal.accounts),
        );
      if (perTeam && principal.teamId !== undefined && !principal.accounts?.some(({ kind }) => kind === 'team'))
        owners.push({ ...perTeam, kind: 'team', id: principal.teamId });
    }
    const user = hasUsers ? userOf(principal, request.user) : undefined;
    if (user) owners.push(user);
    if (perEndUser) {
      const endUser = endUserOf(principal, perEndUser);
      if (endUser) owners.push(endUser);
    }
    if (policy) owners.push(addressOf(policy));
    owners.push(gateway);
    return owners;
  };

  /** Whom callers name themselves may be anybody: of those, only the known have counters. */
  function userOf(principal: Principal | undefined, named: unknown): Owner | undefined {
    const id = principal?.userId ?? named;
    if (typeof id !== 'string' || principal?.accounts?.some(({ kind }) => kind === 'user')) return undefined;
    const own = users && Object.hasOwn(users, id) ? users[id] : undefined;
    const allowance = own ?? (principal?.userId === undefined ? undefined : perUser);
    return allowance && { ...allowance, kind: 'user', id };
  }
}

function endUserOf(principal: Principal | undefined, allowance: Allowance): Owner | undefined {
  const { endUserId: id, accounts = [] } = principal ?? {};
  return id === undefined || accounts.some(({ kind }) => kind === 'end_user') ? undefined : { ...allowance, kind: 'end_user', id };
}

function keyOf({ keyId, limits, budgetNanoUsd, budgetWindow, softBudgetNanoUsd, isShadow, degrade }: Principal, perKey: Allowance): Owner {
  return withDefault({ kind: 'key', id: keyId, limits, budgetNanoUsd, budgetWindow, softBudgetNanoUsd, isShadow, degrade }, perKey);
}

/** Limits are taken as a whole, and so is a budget with its window. */
function withDefault(owner: Owner, by: Allowance): Owner {
  const hasBudget = owner.budgetNanoUsd !== undefined || owner.softBudgetNanoUsd !== undefined;
  const { budgetNanoUsd, budgetWindow, softBudgetNanoUsd } = hasBudget ? owner : by;
  const { limits = by.limits, isShadow = by.isShadow, degrade = by.degrade } = owner;
  return { kind: owner.kind, id: owner.id, limits, budgetNanoUsd, budgetWindow, softBudgetNanoUsd, isShadow, degrade };
}

function addressOf({ name, limits, budgetNanoUsd, budgetWindow, softBudgetNanoUsd, isShadow, degrade }: Policy): Owner {
  return { kind: 'address', id: name, limits, budgetNanoUsd, budgetWindow, softBudgetNanoUsd, isShadow, degrade };
}
