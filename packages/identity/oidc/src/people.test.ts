import { describe, expect, test } from 'vitest';
import type { CallRecord } from '@sluice/core';
import type { Browser } from './browser.test.support.ts';
import { whoIs } from './site.test.support.ts';
import { siteOpener } from './sites.test.support.ts';

const open = siteOpener();

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error?: { code: string } }).error?.code ?? `status ${response.status}`;
}

function write(browser: Browser, url: string, path: string, body: object): Promise<Response> {
  return browser.call(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

describe('roles', () => {
  const options = {
    claims: { roles: 'realm_access.roles' },
    roles: { boss: 'proxy_admin', auditor: 'proxy_admin_viewer', reader: 'internal_user_viewer' },
  } as const;

  test.each<[string[], string, string, string]>([
    [['boss'], 'status 200', 'status 200', 'status 200'],
    [['auditor'], 'status 200', 'not_permitted', 'not_permitted'],
    [['reader'], 'not_permitted', 'not_permitted', 'not_permitted'],
    [['reader', 'boss', 'else'], 'status 200', 'status 200', 'status 200'],
    [['__proto__', 'constructor', 'toString'], 'not_permitted', 'not_permitted', 'status 200'],
    [[], 'not_permitted', 'not_permitted', 'status 200'],
  ])('%s may do what they may do by a key: lists, makes teams, makes keys', async (roles, lists, teams, keys) => {
    const { login, url, issuer } = await open(options);
    issuer.person = { sub: 'ann-1', realm_access: { roles } };
    const { browser } = await login();
    expect(await codeOf(await browser.call(`${url}/user/list`))).toBe(lists);
    expect(await codeOf(await write(browser, url, '/team/new', { team_alias: 'red' }))).toBe(teams);
    expect(await codeOf(await write(browser, url, '/key/generate', { user_id: 'ann-1' }))).toBe(keys);
  });

  test('of the directory hold where the issuer gives none, as they are now', async () => {
    const { login, url, put } = await open();
    const { browser } = await login();
    expect(await codeOf(await browser.call(`${url}/user/list`))).toBe('not_permitted');
    await put('user', 'ann-1', { user_role: 'proxy_admin_viewer' });
    await expect.poll(async () => codeOf(await browser.call(`${url}/user/list`)), { timeout: 5_000 }).toBe('status 200');
  });
});

describe('teams', () => {
  test('of the login are those that calls are made for, as far as there are any', async () => {
    const { login, url, issuer, put, told, gateway } = await open({ claims: { teams: 'groups' } });
    await put('team', 'red', { team_alias: 'Red' });
    issuer.person = { sub: 'ann-1', groups: ['absent', 'red', '__proto__'] };
    const { browser } = await login();
    expect((await browser.call(`${url}/v1/models`)).status).toBe(200);
    await gateway.idle();
    await expect
      .poll(() => told.filter((one) => (one as CallRecord).operation === 'models.list'), { timeout: 5_000 })
      .toMatchObject([{ userId: 'ann-1', teamId: 'red' }]);
  });

  test('are not too many for a cookie where only a few are known here, and are told where they are', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `0b5e4a4e-6a51-4f2b-9d0f-${String(index).padStart(12, '0')}`);
    const { login, issuer, url, put } = await open({ claims: { teams: 'groups' } });
    issuer.person = { sub: 'ann-1', groups: many };
    expect(await codeOf((await login()).response)).toBe('invalid_credentials');
    await put('team', many[200] ?? '', {});
    expect(await whoIs((await login()).browser, url)).toMatchObject({ user_id: 'ann-1' });
    const makes = await open({ claims: { teams: 'groups' }, makesTeams: true });
    makes.issuer.person = { sub: 'ann-1', groups: many };
    expect(await (await makes.login()).response.text()).toContain('300 teams');
  });
});

describe('who is let in', () => {
  test('is in the directory, where nobody is made', async () => {
    const { login, put } = await open({ makesUsers: false });
    expect(await codeOf((await login()).response)).toBe('invalid_credentials');
    await put('user', 'ann-1', { user_role: 'internal_user' });
    expect((await login()).response.status).toBe(200);
  });

  test('has a verified email of the right domain', async () => {
    const { login, issuer } = await open({ allowedEmailDomains: ['example.com'] });
    const emails: [string, unknown, string][] = [
      ['ann@example.com', true, 'status 200'],
      ['ann@example.com', false, 'invalid_credentials'],
      ['ann@example.com', undefined, 'invalid_credentials'],
      ['ann@example.com', 'true', 'invalid_credentials'],
      ['ann@evil.example', true, 'invalid_credentials'],
      ['ann@example.com.evil.example', true, 'invalid_credentials'],
    ];
    for (const [email, email_verified, expected] of emails) {
      issuer.person = { sub: 'ann-1', email, email_verified };
      expect([email, email_verified, await codeOf((await login()).response)]).toEqual([email, email_verified, expected]);
    }
  });

  test('is taken for somebody of the directory by a verified email only', async () => {
    const { login, issuer, url, put, directory } = await open();
    await put('user', 'u-7', { user_role: 'internal_user', user_email: 'Ann@Example.com', created_by: 'admin' });
    issuer.person = { sub: 'mallory', email: 'ann@example.com', email_verified: false };
    expect(await whoIs((await login()).browser, url)).toMatchObject({ user_id: 'mallory' });
    issuer.person = { sub: 'ann-1', email: 'ann@example.com', email_verified: true };
    expect(await whoIs((await login()).browser, url)).toMatchObject({ user_id: 'u-7' });
    issuer.person = { sub: 'late', email: 'ann@example.com', email_verified: true };
    expect(await codeOf((await login()).response)).toBe('object_exists');
    issuer.person = { sub: 'ann-1' };
    expect(await whoIs((await login()).browser, url)).toMatchObject({ user_id: 'u-7' });
    expect((await directory.auditTrail({ limit: 10 })).map(({ action, objectId }) => [action, objectId])).toEqual([
      ['updated', 'u-7'],
      ['created', 'mallory'],
    ]);
  });

  test('is vouched for by `email_verified` in the claim `email` only, unless the issuer is trusted with all', async () => {
    const strict = await open({ claims: { email: 'realm_access.mail' }, allowedEmailDomains: ['example.com'] });
    const person = { sub: 'ann-1', email: 'ann@evil.example', email_verified: true, realm_access: { mail: 'boss@example.com' } };
    strict.issuer.person = person;
    expect(await codeOf((await strict.login()).response)).toBe('invalid_credentials');
    const trusting = await open({ claims: { email: 'realm_access.mail' }, allowedEmailDomains: ['example.com'], trustsEmails: true });
    trusting.issuer.person = person;
    expect((await trusting.login()).response.status).toBe(200);
    for (const email_verified of [false, 'false']) {
      trusting.issuer.person = { ...person, email_verified };
      expect([email_verified, await codeOf((await trusting.login()).response)]).toEqual([email_verified, 'invalid_credentials']);
    }
  });

  test('has a verified email, where people are told by it', async () => {
    const { login, issuer, url, put } = await open({ claims: { user: 'email' } });
    await put('user', 'boss@example.com', { user_role: 'proxy_admin' });
    for (const email_verified of [false, undefined]) {
      issuer.person = { sub: 'mallory', email: 'boss@example.com', email_verified };
      expect(await codeOf((await login()).response)).toBe('invalid_credentials');
    }
    issuer.person = { sub: 'boss', email: 'boss@example.com', email_verified: true };
    expect(await whoIs((await login()).browser, url)).toMatchObject({ user_id: 'boss@example.com' });
  });

  test('is nobody whose claim of a name is not a name', async () => {
    const { login, issuer } = await open({ claims: { user: 'constructor.name' } });
    expect(await codeOf((await login()).response)).toBe('invalid_credentials');
    issuer.person = JSON.parse('{"sub":"ann-1","__proto__":{"name":"root"}}') as never;
    expect(await codeOf((await login()).response)).toBe('invalid_credentials');
  });
});
