import { namedModels } from '../../models/named-models.ts';
import type { Context } from '../../pipeline/context.ts';
import type { Allowance, OwnerKind, Policy, Principal } from '../../types/call.ts';

/** What a limit or a budget belongs to. */
export type Owner = Allowance & { readonly kind: OwnerKind; readonly id: string };

export type OwnerOptions = {
  /** For what a key has none of its own of. */
  readonly perKey: Allowance;
  /** All calls together. */
  readonly gateway: Owner;
};

const OF: Readonly<Record<OwnerKind, string>> = {
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
};

/** Whose, in a sentence. */
export function ownedBy(kind: OwnerKind): string {
  return OF[kind];
}

/** Everybody who answers for a call, the nearest first. */
export function ownersOf({ principal, policy, request }: Context, { perKey, gateway }: OwnerOptions): Owner[] {
  const owners: Owner[] = [];
  if (principal) {
    owners.push(keyOf(principal, perKey));
    if (principal.modelAllowances)
      for (const model of namedModels(request)) {
        const forModel = principal.modelAllowances[model];
        if (forModel) owners.push({ ...forModel, kind: 'key_model', id: `${principal.keyId}:${model}` });
      }
    if (principal.accounts) owners.push(...principal.accounts);
  }
  if (policy) owners.push(addressOf(policy));
  owners.push(gateway);
  return owners;
}

function keyOf({ keyId, limits, budgetNanoUsd, budgetWindow }: Principal, perKey: Allowance): Owner {
  const hasBudget = budgetNanoUsd !== undefined;
  return {
    kind: 'key',
    id: keyId,
    limits: limits ?? perKey.limits,
    budgetNanoUsd: hasBudget ? budgetNanoUsd : perKey.budgetNanoUsd,
    budgetWindow: hasBudget ? budgetWindow : perKey.budgetWindow,
  };
}

function addressOf({ name, limits, budgetNanoUsd, budgetWindow }: Policy): Owner {
  return { kind: 'address', id: name, limits, budgetNanoUsd, budgetWindow };
}
