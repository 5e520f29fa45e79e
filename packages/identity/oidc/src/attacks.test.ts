import { memoryStore, type Store } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { Browser } from './browser.test.support.ts';
import { CLIENT } from './issuer.test.support.ts';
import { MASTER_KEY, SECRET, type Site, whoIs } from './site.test.support.ts';
import { siteOpener } from './sites.test.support.ts';

const open = siteOpener();

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error?: { code: string } }).error?.code ?? `status ${response.status}`;
}

/** A login up to where the issuer sends the browser back: the address with the code in it. */
async function halfway({ url }: Site, browser = new Browser()): Promise<{ readonly browser: Browser; readonly back: string }> {
  const response = await browser.go(`${url}/sso/login`, { stopBefore: `${url}/sso/callback` });
  const back = response.headers.get('location') ?? '';
  expect(back).toContain('code=');
  return { browser, back };
}

const changed = (address: string, name: string, value: string | undefined): string => {
  const url = new URL(address);
  if (value === undefined) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  return url.href;
};

describe('the answer of an issuer', () => {
  test('is taken once, from the browser that asked for it', async () => {
    const here = await open();
    const { browser, back } = await halfway(here);
    expect(await codeOf(await new Browser().go(back))).toBe('invalid_credentials');
    const before = browser.copy();
    expect((await browser.go(back)).status).toBe(200);
    expect(await codeOf(await before.go(back))).toBe('invalid_credentials');
    expect(await codeOf(await browser.go(back))).toBe('invalid_credentials');
  });

  test('of another login is not taken: neither its state nor its code', async () => {
    const here = await open();
    const [mine, theirs] = [await halfway(here), await halfway(here)];
    expect(await codeOf(await mine.browser.copy().go(theirs.back))).toBe('invalid_credentials');
    const injected = changed(mine.back, 'code', new URL(theirs.back).searchParams.get('code') ?? '');
    expect(await codeOf(await mine.browser.go(injected))).toBe('invalid_credentials');
    expect(await codeOf(await mine.browser.go(mine.back))).toBe('invalid_credentials');
  });

  test.each<[string, (back: string) => string]>([
    ['without a state', (back) => changed(back, 'state', undefined)],
    ['with another state', (back) => changed(back, 'state', 'x')],
    ['by another issuer', (back) => changed(back, 'iss', 'https://evil.example')],
    ['without its issuer, which says that it names itself', (back) => changed(back, 'iss', undefined)],
    ['with a made-up code', (back) => changed(back, 'code', 'x')],
    ['without a code', (back) => changed(back, 'code', undefined)],
    ['with two states', (back) => `${back}&state=x`],
    ['with a token in place of a code', (back) => `${changed(back, 'code', undefined)}&id_token=eyJhbGciOiJub25lIn0.e30.`],
  ])('%s is refused', async (_, change) => {
    const here = await open();
    const { browser, back } = await halfway(here);
    expect(await codeOf(await browser.go(change(back)))).toBe('invalid_credentials');
    expect(await whoIs(browser, here.url)).toEqual({ code: 'missing_credentials' });
  });

  test('that refuses is told by its code alone', async () => {
    const here = await open();
    here.issuer.refuses = true;
    const { response } = await here.login();
    const text = await response.text();
    expect([response.status, text]).toEqual([401, expect.stringContaining('access_denied')]);
    expect(text).not.toContain('secret words');
  });
});

describe('a session', () => {
  test('is a new one for every login, and ends the one before it', async () => {
    const { login, url } = await open();
    const { browser } = await login();
    const before = browser.copy();
    await login(browser);
    expect(browser.value('sluice-oidc')).not.toBe(before.value('sluice-oidc'));
    expect(await whoIs(browser, url)).toMatchObject({ user_id: 'ann-1' });
    expect(await whoIs(before, url)).toEqual({ code: 'key_expired' });
  });

  test('that somebody else has put into a browser is not taken beside its own', async () => {
    const { login, url, issuer } = await open();
    issuer.person = { sub: 'mallory' };
    const mallory = (await login()).browser.value('sluice-oidc') ?? '';
    issuer.person = { sub: 'ann-1' };
    const { browser } = await login();
    const cookie = `sluice-oidc=${mallory}; sluice-oidc=${browser.value('sluice-oidc')}`;
    const answer = await new Browser().send(`${url}/user/info`, { headers: { cookie } });
    expect(await codeOf(answer)).toBe('duplicate_credentials');
  });

  test.each<[string, string, Record<string, string>, string]>([
    ['a page of another site', 'POST', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 'cross_site_session'],
    ['a page of a neighbouring site', 'POST', { 'sec-fetch-site': 'same-site' }, 'cross_site_session'],
    ['an old browser at another site', 'POST', { origin: 'https://evil.example' }, 'cross_site_session'],
    ['a sandboxed page', 'POST', { origin: 'null' }, 'cross_site_session'],
    ['nowhere in particular', 'POST', {}, 'cross_site_session'],
    ['a form of another site', 'POST', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'content-type': 'text/plain' }, 'cross_site_session'],
    ['a script of another site that reads', 'GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, 'cross_site_session'],
    ['its own pages', 'POST', { 'sec-fetch-site': 'same-origin' }, 'status 200'],
  ])('taken along by %s', async (_, method, headers, expected) => {
    const { login, url, issuer } = await open({ claims: { roles: 'groups' }, roles: { bosses: 'proxy_admin' } });
    issuer.person = { sub: 'ann-1', groups: ['bosses'] };
    const { browser } = await login();
    const address = method === 'GET' ? `${url}/user/info` : `${url}/team/new`;
    const body = method === 'GET' ? {} : { body: '{"team_alias":"red"}' };
    expect(await codeOf(await browser.send(address, { method, headers: { 'content-type': 'application/json', ...headers }, ...body }))).toBe(expected);
  });

  test('goes unheeded where a key is presented', async () => {
    const { login, url } = await open();
    const { browser } = await login();
    const headers = { authorization: `Bearer ${MASTER_KEY}`, 'content-type': 'application/json', origin: 'https://evil.example' };
    expect((await browser.send(`${url}/team/new`, { method: 'POST', headers, body: '{"team_alias":"red"}' })).status).toBe(200);
    expect(await codeOf(await browser.send(`${url}/user/info`, { headers: { authorization: 'Bearer sk-wrong' } }))).toBe('invalid_credentials');
  });
});

test('no secret is in a log, an error, the trail or the store', async () => {
  const kept = memoryStore();
  const keeps: unknown[] = [];
  const store: Store = {
    ...kept,
    set(...args) {
      keeps.push(args);
      return kept.set(...args);
    },
    reserve(claims) {
      keeps.push(claims);
      return kept.reserve(claims);
    },
  };
  const here = await open({ allowedEmailDomains: ['example.com'] }, { store });
  const { browser, back } = await halfway(here);
  const wrong = await halfway(here);
  const answers = [await wrong.browser.go(changed(wrong.back, 'code', 'made-up-code-0123456789'))];
  answers.push(await browser.go(back));
  here.issuer.person = { sub: 'eve', email: 'eve@evil.example', email_verified: true };
  answers.push((await here.login()).response);
  await here.gateway.idle();
  const written = [
    ...here.told.map((one) => (one instanceof Error ? `${one.message} ${one.stack} ${String(one.cause)}` : JSON.stringify(one))),
    JSON.stringify(keeps),
    JSON.stringify(await here.directory.auditTrail({ limit: 50 })),
    ...(await Promise.all(answers.slice(0, 1).map((answer) => answer.text()))),
  ].join('\n');
  expect(keeps.length).toBeGreaterThan(5);
  expect(written).not.toMatch(/eyJhbGciOiJ(?!kaXIi)/);
  const secrets = [CLIENT.secret, SECRET, new URL(back).searchParams.get('code') ?? '', browser.value('sluice-oidc') ?? '', 'made-up-code-0123456789'];
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(10);
    expect(written).not.toContain(secret);
  }
});
