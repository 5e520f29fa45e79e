import { ConfigurationError, createGateway } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { loginCookie, sessionCookie, setCookie } from './cookies.ts';
import { identity, oidc, type OidcOptions } from './index.ts';
import { toSettings } from './settings.ts';

const GOOD: OidcOptions = {
  issuer: 'https://id.example.com',
  clientId: 'gateway',
  clientSecret: 'secret',
  baseUrl: 'https://ai.example.com',
  secret: 'a-secret-of-at-least-32-characters-0',
};

const CONSUMERS = 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0';

function places(options: object): readonly string[] {
  try {
    oidc({ ...GOOD, ...options });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ place }) => place);
    throw error;
  }
}

describe('options', () => {
  test('that are right are taken', () => {
    expect(places({})).toEqual([]);
    expect(
      places({ issuer: 'http://127.0.0.1:4000', baseUrl: 'http://localhost:4000/ai', scopes: ['openid'], parameters: { prompt: 'login' }, afterLogin: '/ui' }),
    ).toEqual([]);
    expect(places({ issuer: 'https://accounts.google.com', makesUsers: true, allowedEmailDomains: ['example.com'] })).toEqual([]);
    expect(places({ issuer: 'https://login.microsoftonline.com/0b5e4a4e-6a51-4f2b-9d0f-0123456789ab/v2.0', makesUsers: true, trustsEmails: true })).toEqual([]);
    expect(places({ issuer: CONSUMERS })).toEqual([]);
    expect(places({ secret: [GOOD.secret, `${GOOD.secret}old`], sessionMs: 86_400_000, idleMs: 3_600_000 })).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['an issuer by http: elsewhere', { issuer: 'http://id.example.com' }, 'issuer'],
    ['an issuer with a query', { issuer: 'https://id.example.com/?a' }, 'issuer'],
    ['tenants of anybody', { issuer: 'https://login.microsoftonline.com/common/v2.0' }, 'issuer'],
    ['a tenant by its domain', { issuer: 'https://login.microsoftonline.com/contoso.example/v2.0' }, 'issuer'],
    ['emails of all consumers', { issuer: CONSUMERS, trustsEmails: true, allowedEmailDomains: ['example.com'] }, 'trustsEmails'],
    ['everybody with an account at Microsoft', { issuer: CONSUMERS, makesUsers: true }, 'makesUsers'],
    ['an address of its own by http: elsewhere', { baseUrl: 'http://ai.example.com' }, 'baseUrl'],
    ['no address of its own', { baseUrl: undefined }, 'baseUrl'],
    ['a short secret', { secret: 'short' }, 'secret'],
    ['no secret', { secret: [] }, 'secret'],
    ['everybody with an account at Google', { issuer: 'https://accounts.google.com', makesUsers: true }, 'allowedEmailDomains'],
    ['scopes without openid', { scopes: ['email'] }, 'scopes'],
    ['parameters that logins have anyway', { parameters: { state: 'x' } }, 'parameters'],
    ['a landing elsewhere', { afterLogin: '//evil.example' }, 'afterLogin'],
    ['a landing that browsers send otherwise', { afterLogin: '/übersicht' }, 'afterLogin'],
    ['a landing that is too long', { afterLogin: `/${'a'.repeat(1_024)}` }, 'afterLogin'],
    ['an idle time over the whole', { sessionMs: 60_000, idleMs: 120_000 }, 'idleMs'],
    ['a role that there is not', { roles: { staff: 'king' } }, 'roles'],
    ['a claim that there is not', { claims: { usr: 'sub' } }, 'claims.usr'],
    ['a word that there is not', { clientID: 'x' }, 'clientID'],
  ])('that name %s are refused', (_, options, place) => {
    expect(places(options)).toContain(place);
  });

  test('of a file are the same', () => {
    expect(() => identity.create({})).toThrow(/issuer: It is missing[^]*clientId: It is missing[^]*baseUrl: It is missing[^]*secret: It is missing/);
  });
});

describe('cookies', () => {
  test('of a login are set by nobody else', async () => {
    const settings = toSettings({ ...GOOD, baseUrl: 'https://example.com/ai' });
    expect(setCookie(loginCookie(settings), 'x', 600_000)).toBe('__Host-sluice-oidc-login=x; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure');
    expect(setCookie(sessionCookie(settings), 'x', 600_000)).toBe('__Secure-sluice-oidc=x; Path=/ai; Max-Age=600; HttpOnly; SameSite=Lax; Secure');
    expect(setCookie(sessionCookie(toSettings(GOOD)), '')).toBe('__Host-sluice-oidc=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure');
  });

  test('are bound to the host where the gateway has it for itself, and to the mount where not', () => {
    expect(oidc(GOOD).cookie).toEqual({ name: '__Host-sluice-oidc', origin: 'https://ai.example.com' });
    expect(oidc({ ...GOOD, baseUrl: 'https://example.com/ai/' }).cookie).toEqual({ name: '__Secure-sluice-oidc', origin: 'https://example.com' });
    expect(oidc({ ...GOOD, baseUrl: 'http://127.0.0.1:4000', name: 'staff' }).cookie).toEqual({ name: 'sluice-staff', origin: 'http://127.0.0.1:4000' });
  });

  test('and pages of two identities do not meet', () => {
    expect(() => createGateway({ auth: false, models: [], identities: [oidc(GOOD), oidc(GOOD)] })).toThrow(
      /cookie of another identity[^]*\/sso\/login' is a page of another identity/,
    );
    expect(() => createGateway({ auth: false, models: [], identities: [oidc(GOOD), oidc({ ...GOOD, name: 'second', path: '/second' })] })).not.toThrow();
    expect(() => createGateway({ auth: false, models: [], identities: [oidc({ ...GOOD, path: '/key/{+id}' })] })).toThrow();
  });
});
