import type { KnownKey } from '../keys/key-ring.ts';
import type { Principal } from '../types/principal.ts';
import type { Identified } from '../types/identity.ts';
import type { Directory } from './directory.ts';
import { type KnownKeyOptions, toKnownKey } from './to-known-key.ts';

/**
 * Whom an identity names, with everybody of the directory who answers for them: as a key would be that nobody keeps.
 * One for each team that the call may be made for.
 */
export function toIdentified(identified: Identified, directory: Directory | undefined, options: KnownKeyOptions): readonly KnownKey[] {
  const { teamIds = [], absent, userMadeAt: _, ...named } = identified;
  const there = directory && absent?.team === 'refuse' ? teamIds.filter((id) => directory.get('team', id)) : teamIds;
  const teams = named.teamId !== undefined || there.length === 0 ? [named.teamId] : there;
  return teams.map((teamId) => known({ ...named, ...(teamId !== undefined && { teamId }) }, directory, options));
}

function known(named: Principal, directory: Directory | undefined, options: KnownKeyOptions): KnownKey {
  if (!directory) return { principal: withRights(named, named), isBlocked: false };
  const { keyId, userId, teamId, organizationId, projectId } = named;
  const body = { user_id: userId, team_id: teamId, organization_id: organizationId, project_id: projectId };
  const { principal, isBlocked } = toKnownKey({ kind: 'key', id: keyId, revision: 0, body }, directory, options);
  return { principal: withRights(merged(principal, named), named), isBlocked };
}

/** What the identity says goes before what the directory says, but lists of what is demanded or allowed add up. */
function merged(known: Principal, named: Principal): Principal {
  return {
    ...known,
    ...named,
    ...(known.accounts && { accounts: [...known.accounts, ...(named.accounts ?? [])] }),
    ...(known.modelBounds && { modelBounds: [...known.modelBounds, ...(named.modelBounds ?? [])] }),
    ...together('tags', known, named),
    ...together('enforcedParams', known, named),
    ...together('guardrails', known, named),
  };
}

function together(name: 'tags' | 'enforcedParams' | 'guardrails', one: Principal, other: Principal): Partial<Principal> {
  const all = [...(one[name] ?? []), ...(other[name] ?? [])];
  return all.length === 0 ? {} : { [name]: [...new Set(all)] };
}

/** A role that the identity gives is all of it: who administers by the directory does not by a token that says less. */
function withRights({ isAdmin: _, ...principal }: Principal, { isAdmin, role }: Principal): Principal {
  const administers = isAdmin ?? (role ?? principal.role) === 'proxy_admin';
  return administers ? { ...principal, isAdmin: true } : principal;
}
