import { type Absent, GatewayError, type Identified, type Role } from '@sluice/core';
import type { JWTPayload } from 'jose';
import { claimAt, nameAt, namesAt, wordsAt } from './claims.ts';
import type { JwtOptions } from './options.ts';

type Options = JwtOptions & { readonly name: string };

/** Names come from outside, and stand in counters, records and the directory. */
const LONGEST_NAME = 256;

/** Whom a token names that was found genuine. @throws GatewayError `invalid_credentials` for who may not come in by it. */
export function toIdentified(claims: JWTPayload, options: Options): Identified {
  const { claims: paths = {}, defaultTeam } = options;
  const userId = nameAt(claims, paths.user ?? 'sub');
  const teams = [...new Set([...namesAt(claims, paths.team), ...namesAt(claims, paths.teams)])];
  const teamIds = teams.length === 0 && defaultTeam !== undefined ? [defaultTeam] : teams;
  const organizationId = nameAt(claims, paths.organization);
  const endUserId = nameAt(claims, paths.endUser);
  for (const name of [userId, organizationId, endUserId, ...teamIds]) requireShort(name);
  const email = emailOf(claims, options);
  const role = roleOf(claims, options);
  return {
    keyId: keyIdOf(options.name, { userId, teamId: teamIds[0], organizationId, role }),
    ...(userId !== undefined && { userId }),
    ...(teamIds.length > 0 && { teamIds }),
    ...(organizationId !== undefined && { organizationId }),
    ...(endUserId !== undefined && { endUserId }),
    ...(role && { role }),
    // An administrator may come before anybody is in the directory.
    ...(role !== 'proxy_admin' && { absent: absentOf(options, email) }),
  };
}

type Named = { readonly [Name in 'userId' | 'teamId' | 'organizationId' | 'role']: string | undefined };

/** Counters go by it: it is the same for every token of the same caller, and of nobody else. */
function keyIdOf(name: string, { userId, teamId, organizationId, role }: Named): string {
  if (userId !== undefined) return `${name}/user/${userId}`;
  if (teamId !== undefined) return `${name}/team/${teamId}`;
  if (organizationId !== undefined) return `${name}/organization/${organizationId}`;
  if (role === 'proxy_admin') return `${name}/admin`;
  throw new GatewayError('invalid_credentials', 'The token names neither a user nor a team');
}

/** A role by a token is a role for as long as the token is: it is never written into the directory. */
function absentOf({ makesUsers, makesTeams }: Options, email: string | undefined): NonNullable<Identified['absent']> {
  const user: Absent = makesUsers ? { make: { user_role: 'internal_user', ...(email !== undefined && { user_email: email }) } } : 'refuse';
  return { user, team: makesTeams ? { make: {} } : 'refuse', organization: 'refuse' };
}

function emailOf(claims: JWTPayload, { claims: paths = {}, allowedEmailDomain: domain }: Options): string | undefined {
  const email = nameAt(claims, paths.email ?? 'email');
  requireShort(email);
  const isVerified = claimAt(claims, 'email_verified') !== false;
  if (domain !== undefined && !(isVerified && email?.toLowerCase().endsWith(`@${domain.toLowerCase()}`)))
    throw new GatewayError('invalid_credentials', `The token has no verified email of ${domain}`);
  // Sign-in finds people by it, so one that anybody can claim is not kept.
  return isVerified ? email : undefined;
}

const ROLES: readonly Role[] = ['proxy_admin', 'proxy_admin_viewer', 'org_admin', 'internal_user', 'internal_user_viewer'];

/** The most that the scopes and roles of a token make of a caller; nothing where they say nothing. */
function roleOf(claims: JWTPayload, { claims: paths = {}, adminScope, roles = {}, allowedRoles }: Options): Role | undefined {
  const named = wordsAt(claims, paths.roles);
  if (adminScope !== undefined && wordsAt(claims, paths.scopes ?? 'scope').includes(adminScope)) return 'proxy_admin';
  if (allowedRoles && !named.some((role) => allowedRoles.includes(role)))
    throw new GatewayError('invalid_credentials', 'The token has none of the roles that are let in here');
  const given = new Set(named.flatMap((role) => (Object.hasOwn(roles, role) ? [roles[role]] : [])));
  return ROLES.find((role) => given.has(role));
}

function requireShort(name: string | undefined): void {
  if (name !== undefined && name.length > LONGEST_NAME)
    throw new GatewayError('invalid_credentials', `The token has a name of over ${LONGEST_NAME} characters`);
}
