import { ROLES } from '../directory/to-known-key.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Role } from '../types/principal.ts';
import type { Absent, Identified } from '../types/identity.ts';
import type { JsonObject } from '../types/json.ts';
import type { ClaimRules, ScopeRights } from './claim-rules.ts';
import { claimAt, nameAt, namesAt, wordsAt } from './claims.ts';

/** `name` is the identity's, and begins the ids of its callers. */
type Rules = ClaimRules & { readonly name: string };

/** Names come from outside, and stand in counters, records and the directory. */
const LONGEST_NAME = 256;

/** Whom claims name that were found genuine. @throws GatewayError `invalid_credentials` for who may not come in by them. */
export function byClaims(claims: JsonObject, rules: Rules): Identified {
  const { claims: paths = {}, defaultTeam, makesUsers } = rules;
  const userId = nameAt(claims, paths.user ?? 'sub');
  const teams = [...new Set([...namesAt(claims, paths.team), ...namesAt(claims, paths.teams)])];
  const teamIds = teams.length === 0 && defaultTeam !== undefined ? [defaultTeam] : teams;
  const organizationId = nameAt(claims, paths.organization);
  const endUserId = nameAt(claims, paths.endUser);
  for (const name of [userId, organizationId, endUserId, ...teamIds]) requireShort(name);
  const email = emailOf(claims, rules);
  const role = roleOf(claims, rules);
  return {
    keyId: keyIdOf(rules.name, { userId, teamId: teamIds[0], organizationId, role }),
    ...(userId !== undefined && { userId }),
    ...(teamIds.length > 0 && { teamIds }),
    ...(organizationId !== undefined && { organizationId }),
    ...(endUserId !== undefined && { endUserId }),
    ...(role && { role }),
    ...rightsOf(claims, rules, { isAdmin: role === 'proxy_admin', hasTeam: teamIds.length > 0 }),
    // An administrator may come before anybody is in the directory.
    ...((role !== 'proxy_admin' || (makesUsers && userId !== undefined)) && { absent: absentOf(rules, email) }),
  };
}

type Named = { readonly [Name in 'userId' | 'teamId' | 'organizationId' | 'role']: string | undefined };

/** Counters go by it: it is the same for everything that the same caller brings, and for nobody else. */
function keyIdOf(name: string, { userId, teamId, organizationId, role }: Named): string {
  if (userId !== undefined) return `${name}/user/${userId}`;
  if (teamId !== undefined) return `${name}/team/${teamId}`;
  if (organizationId !== undefined) return `${name}/organization/${organizationId}`;
  if (role === 'proxy_admin') return `${name}/admin`;
  throw refusal('names neither a user nor a team');
}

/** A role by claims is a role for as long as they hold: it is never written into the directory. */
function absentOf({ makesUsers, makesTeams }: Rules, email: string | undefined): NonNullable<Identified['absent']> {
  const user: Absent = makesUsers ? { make: { user_role: 'internal_user', ...(email !== undefined && { user_email: email }) } } : 'refuse';
  return { user, team: makesTeams ? { make: {} } : 'refuse', organization: 'refuse' };
}

function emailOf(claims: JsonObject, { claims: { user, email: path = 'email' } = {}, allowedEmailDomains: domains }: Rules): string | undefined {
  const email = nameAt(claims, path);
  requireShort(email);
  const isVerified = claimAt(claims, 'email_verified') !== false;
  if (!isVerified && (user === path || user === 'email')) throw refusal('names people by their email, and does not say that this one is verified');
  const isOf = (domain: string): boolean => email?.toLowerCase().endsWith(`@${domain.toLowerCase()}`) === true;
  if (domains !== undefined && !(isVerified && domains.some(isOf))) throw refusal(`has no verified email of ${domains.join(' or ')}`);
  // People are found by it, so one that anybody can claim is not kept.
  return isVerified ? email : undefined;
}

/** The most that scopes and roles make of a caller; nothing where they say nothing. */
function roleOf(claims: JsonObject, { claims: paths = {}, adminScope, roles = {}, allowedRoles }: Rules): Role | undefined {
  const named = wordsAt(claims, paths.roles);
  if (adminScope !== undefined && wordsAt(claims, paths.scopes ?? 'scope').includes(adminScope)) return 'proxy_admin';
  if (allowedRoles && !named.some((role) => allowedRoles.includes(role))) throw refusal('has none of the roles that are let in here');
  const given = new Set(named.flatMap((role) => (Object.hasOwn(roles, role) ? [roles[role]] : [])));
  return ROLES.find((role) => given.has(role));
}

/** The models and routes of a caller, where they are fewer than all. */
function rightsOf(
  claims: JsonObject,
  { claims: paths = {}, rightsByScope: rights, adminRoutes, teamRoutes }: Rules,
  { isAdmin, hasTeam }: { readonly isAdmin: boolean; readonly hasTeam: boolean },
): Pick<Identified, 'models' | 'allowedRoutes'> {
  if (isAdmin) return adminRoutes ? { allowedRoutes: adminRoutes } : {};
  const routes = hasTeam ? teamRoutes : undefined;
  if (!rights) return routes ? { allowedRoutes: routes } : {};
  const given = wordsAt(claims, paths.scopes ?? 'scope').flatMap((scope) => (Object.hasOwn(rights, scope) ? [rights[scope] as ScopeRights] : []));
  if (given.length === 0) throw refusal('has none of the scopes that are let in here');
  const models = allOf(given.map(({ models }) => models));
  const allowedRoutes = allOf(given.map(({ routes }) => routes)) ?? routes;
  return { ...(models && { models }), ...(allowedRoutes && { allowedRoutes }) };
}

/** Lists together; one that names nothing is all there is. */
function allOf(lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  return lists.every((list) => list !== undefined) ? [...new Set(lists.flat())] : undefined;
}

function requireShort(name: string | undefined): void {
  if (name !== undefined && name.length > LONGEST_NAME) throw refusal(`has a name of over ${LONGEST_NAME} characters`);
}

function refusal(what: string): GatewayError {
  return new GatewayError('invalid_credentials', `The token ${what}`);
}
