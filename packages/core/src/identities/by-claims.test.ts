import { describe, expect, test } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Identified } from '../types/identity.ts';
import { byClaims } from './by-claims.ts';
import type { ClaimRules } from './claim-rules.ts';

function named(claims: object, options: ClaimRules = {}): Identified {
  return byClaims({ ...claims }, { name: 'jwt', ...options });
}

function refusal(claims: object, options: ClaimRules): string {
  try {
    named(claims, options);
    return 'let in';
  } catch (error) {
    return GatewayError.from(error).code;
  }
}

describe('claims', () => {
  test('are found where they are said to be', () => {
    const claims = {
      sub: 'ignored',
      oid: 42,
      resource: { 'a.b': { team: 'red', all: ['blue', 'red', '', 7] } },
      'https://example.com/org': 'north',
      customer: { id: 'c1' },
    };
    const paths = { user: 'oid', team: 'resource.a.b.team', teams: 'resource.a.b.all', organization: 'https://example.com/org', endUser: 'customer.id' };
    expect(named(claims, { claims: paths })).toEqual({
      keyId: 'jwt/user/42',
      userId: '42',
      teamIds: ['red', 'blue', '7'],
      organizationId: 'north',
      endUserId: 'c1',
      absent: { user: 'refuse', team: 'refuse', organization: 'refuse' },
    });
  });

  test('are those of the token itself', () => {
    expect(refusal({}, { claims: { user: 'constructor.name' } })).toBe('invalid_credentials');
    expect(refusal({ sub: { toString: 'ann' } }, {})).toBe('invalid_credentials');
  });

  test('without a user stand for the team, and without a team for the one that is so by default', () => {
    expect(named({ team: 'red' }, { claims: { team: 'team' } })).toMatchObject({ keyId: 'jwt/team/red', teamIds: ['red'] });
    expect(named({ sub: 'ann' }, { claims: { team: 'team' }, defaultTeam: 'all' })).toMatchObject({ teamIds: ['all'] });
    expect(named({ sub: 'ann', team: 'red' }, { claims: { team: 'team' }, defaultTeam: 'all' })).toMatchObject({ teamIds: ['red'] });
  });

  test('make users and teams where they may', () => {
    const { absent } = named({ sub: 'ann', email: 'ann@example.com' }, { makesUsers: true, makesTeams: true });
    expect(absent).toEqual({ user: { make: { user_role: 'internal_user', user_email: 'ann@example.com' } }, team: { make: {} }, organization: 'refuse' });
    const unverified = named({ sub: 'ann', email: 'root@example.com', email_verified: false }, { makesUsers: true });
    expect(unverified.absent?.user).toEqual({ make: { user_role: 'internal_user' } });
  });
});

describe('roles', () => {
  const roles = { boss: 'proxy_admin', staff: 'internal_user', reader: 'internal_user_viewer' } as const;

  test('come from scopes and from roles, the most of them', () => {
    expect(named({ sub: 'ann', scope: 'openid admin' }, { adminScope: 'admin' })).toMatchObject({ role: 'proxy_admin' });
    expect(named({ sub: 'ann', scp: ['admin'] }, { adminScope: 'admin', claims: { scopes: 'scp' } })).toMatchObject({ role: 'proxy_admin' });
    expect(named({ sub: 'ann', scope: 'administrator' }, { adminScope: 'admin' }).role).toBeUndefined();
    expect(named({ sub: 'ann', r: ['reader', 'staff', 'else'] }, { roles, claims: { roles: 'r' } }).role).toBe('internal_user');
    expect(named({ sub: 'ann', r: ['__proto__', 'constructor'] }, { roles, claims: { roles: 'r' } }).role).toBeUndefined();
  });

  test('of an administrator hold before anybody is in the directory, and are never written there', () => {
    const admin = named({ scope: 'admin' }, { adminScope: 'admin', makesUsers: true });
    expect(admin).toEqual({ keyId: 'jwt/admin', role: 'proxy_admin' });
  });

  test('and scopes name models and routes, together', () => {
    const rightsByScope = { small: { models: ['s-*'], routes: ['/chat/completions'] }, large: { models: ['l-*'] }, any: {} };
    const rules = { rightsByScope, adminScope: 'admin', adminRoutes: ['management_routes'], teamRoutes: ['llm_api_routes'], claims: { team: 'team' } };
    const rights = (scope: unknown, team?: string) => {
      const { models, allowedRoutes } = named({ sub: 'ann', scope, team }, rules);
      return { models, allowedRoutes };
    };
    expect(rights('openid small')).toEqual({ models: ['s-*'], allowedRoutes: ['/chat/completions'] });
    expect(rights(['small', 'large'])).toEqual({ models: ['s-*', 'l-*'], allowedRoutes: undefined });
    expect(rights('large any', 'red')).toEqual({ models: undefined, allowedRoutes: ['llm_api_routes'] });
    expect(rights('small admin', 'red')).toEqual({ models: undefined, allowedRoutes: ['management_routes'] });
    for (const scope of ['openid', '__proto__ constructor', undefined]) expect(refusal({ sub: 'ann', scope }, rules)).toBe('invalid_credentials');
    expect(named({ sub: 'ann', team: 'red' }, { claims: { team: 'team' }, teamRoutes: ['/models'] }).allowedRoutes).toEqual(['/models']);
  });

  test('may be demanded', () => {
    const options = { allowedRoles: ['staff'], claims: { roles: 'r' } };
    expect(refusal({ sub: 'ann', r: 'staff other' }, options)).toBe('let in');
    expect(refusal({ sub: 'ann', r: ['reader'] }, options)).toBe('invalid_credentials');
    expect(refusal({ sub: 'ann' }, options)).toBe('invalid_credentials');
  });
});

test('an email of another domain, or one that is not verified, is refused', () => {
  const options = { allowedEmailDomains: ['other.org', 'Example.com'] };
  expect(refusal({ sub: 'ann', email: 'Ann@example.COM' }, options)).toBe('let in');
  for (const email of ['ann@other.com', 'ann@notexample.com', 'ann@example.com.evil.net', undefined])
    expect(refusal({ sub: 'ann', email }, options)).toBe('invalid_credentials');
  expect(refusal({ sub: 'ann', email: 'ann@example.com', email_verified: false }, options)).toBe('invalid_credentials');
});

test('an email that is not verified names nobody', () => {
  const claims = { sub: 'mallory', email: 'boss@example.com', mail: 'boss@example.com', email_verified: false };
  expect(refusal(claims, { claims: { user: 'email' } })).toBe('invalid_credentials');
  expect(refusal(claims, { claims: { user: 'email', email: 'mail' } })).toBe('invalid_credentials');
  expect(refusal(claims, { claims: { user: 'mail', email: 'mail' } })).toBe('invalid_credentials');
  expect(refusal(claims, {})).toBe('let in');
  expect(named({ ...claims, email_verified: true }, { claims: { user: 'email' } })).toMatchObject({ userId: 'boss@example.com' });
});
