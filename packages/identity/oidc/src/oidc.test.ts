import { identityContract } from '@sluice/testing';
import { describe, expect, test, vi } from 'vitest';
import { memoryStore } from '@sluice/core';
import { Browser } from './browser.test.support.ts';
import { whoIs } from './site.test.support.ts';
import { siteOpener } from './sites.test.support.ts';
import { CLIENT } from './issuer.test.support.ts';
import { oidc } from './oidc.ts';

const open = siteOpener();
const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { error?: { code: string } }).error?.code ?? `status ${response.status}`;

describe('the contract of identities', () => {
  const made = async () => {
    const { login, issuer, url, store } = await open();
    const { browser } = await login();
    const identity = oidc({
      issuer: issuer.url,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      baseUrl: url,
      secret: 'a-secret-of-at-least-32-characters-0',
    });
    return { identity, known: browser.value('sluice-oidc') ?? '', store };
  };
  test.each(identityContract(made))('$name', ({ run }) => run());
});

describe('a login', () => {
  test('at a real provider makes the person, and a session that calls are taken with', async () => {
    const { login, url, directory, told, issuer } = await open();
    const { browser, response } = await login();
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      user_id: 'ann-1',
      user_info: { user_email: 'ann@example.com', sso_user_id: `${issuer.url}#ann-1`, user_role: 'internal_user' },
    });
    expect(await whoIs(browser, url)).toEqual({ user_id: 'ann-1', role: 'internal_user' });
    expect((await directory.auditTrail({ limit: 5 })).map(({ action, objectId, keyId }) => [action, objectId, keyId])).toEqual([
      ['created', 'ann-1', 'oidc/user/ann-1'],
    ]);
    expect(told.filter((one) => one instanceof Error)).toEqual([]);
  });

  test('leaves a cookie that no script reads, for the gateway only', async () => {
    const { login } = await open();
    const { browser } = await login();
    const rules = (name: string): string | undefined => browser.set.find((line) => line.startsWith(`${name}=`))?.replace(/^[^;]*/, '');
    expect(rules('sluice-oidc')).toBe('; Path=/ai; Max-Age=43200; HttpOnly; SameSite=Lax');
    expect(rules('sluice-oidc-login')).toBe('; Path=/ai/sso/callback; Max-Age=600; HttpOnly; SameSite=Lax');
  });

  test('is known to every gateway with the same store and secret, and to no other', async () => {
    const { login, url, issuer, store } = await open();
    const { browser } = await login();
    const options = {
      issuer: issuer.url,
      clientId: CLIENT.id,
      baseUrl: url,
      secret: ['another-secret-of-at-least-32-chars', 'a-secret-of-at-least-32-characters-0'],
    };
    const text = browser.value('sluice-oidc') ?? '';
    const ask = (identity: ReturnType<typeof oidc>, kept = store): unknown =>
      identity.recognizes?.(text) &&
      identity.identify({ credential: text, headers: {}, clientAddress: undefined, operation: 'chat', store: kept, signal: AbortSignal.timeout(5_000) });
    expect(await ask(oidc(options))).toMatchObject({ userId: 'ann-1' });
    await expect(ask(oidc({ ...options, secret: 'another-secret-of-at-least-32-chars' }))).rejects.toMatchObject({ code: 'invalid_credentials' });
    await expect(ask(oidc(options), memoryStore())).rejects.toMatchObject({ code: 'key_expired' });
    expect(ask(oidc({ ...options, baseUrl: 'https://other.example.com' }))).toBe(false);
    expect(ask(oidc({ ...options, name: 'second' }))).toBe(false);
  });

  test('leads back to where it began at this host, and nowhere else', async () => {
    const { login, url } = await open();
    const { response } = await login(undefined, '?return_to=/ai/v1/models%3Fa=b');
    expect(await response.json()).toMatchObject({ object: 'list' });
    const elsewhere = [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      'javascript:alert(1)',
      '',
      'ui',
      `/${'a'.repeat(2_000)}`,
    ];
    for (const to of elsewhere)
      expect([to, await codeOf(await new Browser().go(`${url}/sso/login?return_to=${encodeURIComponent(to)}`))]).toEqual([to, 'invalid_request']);
    for (const to of ['/.//evil.example', '/%2e//evil.example', '/..//evil.example/']) {
      const location = await landing(url, to);
      expect(new URL(location, url).host).toBe(new URL(url).host);
    }
  });

  /** Where the callback leads. */
  async function landing(url: string, to: string): Promise<string> {
    const browser = new Browser();
    const before = await browser.go(`${url}/sso/login?return_to=${encodeURIComponent(to)}`, { stopBefore: `${url}/sso/callback` });
    const after = await browser.call(before.headers.get('location') ?? '');
    expect(after.status).toBe(303);
    return after.headers.get('location') ?? '';
  }

  test('is begun and ended no more often a minute than it may be', async () => {
    const { login } = await open({ loginsPerMinute: 2 });
    for (let count = 0; count < 2; count += 1) expect((await login()).response.status).toBe(200);
    const { response } = await login();
    expect([response.status, Number(response.headers.get('retry-after')) > 0]).toEqual([429, true]);
  });

  test('is ended by whoever began it, however many answers that nobody asked for come from the same address', async () => {
    const { url } = await open({ loginsPerMinute: 1 });
    const browser = new Browser();
    const before = await browser.go(`${url}/sso/login`, { stopBefore: `${url}/sso/callback` });
    const [back, again] = [before.headers.get('location') ?? '', browser.copy()];
    for (let count = 0; count < 3; count += 1) expect(await codeOf(await new Browser().go(back))).toBe('invalid_credentials');
    expect((await browser.go(back)).status).toBe(200);
    expect((await again.go(back)).status).toBe(429);
  });

  test('waits for nobody at start-up, and says so when the provider is away', async () => {
    const { login, issuer, told } = await open();
    await issuer.close();
    for (let count = 0; count < 3; count += 1) {
      const { response } = await login();
      expect([response.status, await codeOf(response)]).toEqual([503, 'identity_unavailable']);
    }
    expect(told.filter((one) => one instanceof Error).map(String)).toEqual([
      expect.stringMatching(/'oidc' failed at \/sso\/login: .*The login provider cannot be used/),
    ]);
  });

  test('tells the log when the provider does not take the secret of the gateway', async () => {
    const { login, told } = await open({ clientSecret: 'another-secret-0123456789abcdef0123456789' });
    const { response } = await login();
    expect([response.status, await codeOf(response)]).toEqual([503, 'identity_unavailable']);
    expect(told.filter((one) => one instanceof Error).map(String)).toEqual([expect.stringContaining('invalid_client')]);
  });

  test('obeys the rules on addresses', async () => {
    const { login } = await open({}, { access: { denyFrom: ['127.0.0.0/8', '::1'] } });
    expect(await codeOf((await login()).response)).toBe('address_not_allowed');
  });
});

describe('a session', () => {
  test('is over when it was not used for long enough, and at its end in any case', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    try {
      const store = memoryStore({ now: () => Date.now() });
      const { login, url } = await open({ sessionMs: 3_600_000, idleMs: 600_000 }, { store });
      const { browser } = await login();
      for (let minutes = 0; minutes < 56; minutes += 8) {
        vi.setSystemTime(Date.now() + 8 * 60_000);
        expect(await whoIs(browser, url)).toMatchObject({ user_id: 'ann-1' });
      }
      vi.setSystemTime(Date.now() + 5 * 60_000);
      expect(await whoIs(browser, url)).toEqual({ code: 'key_expired' });
      const idle = await login();
      vi.setSystemTime(Date.now() + 11 * 60_000);
      expect(await whoIs(idle.browser, url)).toEqual({ code: 'key_expired' });
    } finally {
      vi.useRealTimers();
    }
  });

  test('ends when the person is blocked or deleted, and does not make them anew', async () => {
    const { login, url, put, directory } = await open();
    const { browser } = await login();
    await put('user', 'ann-1', { blocked: true });
    await vi.waitFor(async () => expect(await whoIs(browser, url)).toEqual({ code: 'key_blocked' }), 5_000);
    expect(await codeOf((await login()).response)).toBe('key_blocked');
    await put('user', 'ann-1', undefined);
    await vi.waitFor(async () => expect(await whoIs(browser, url)).toEqual({ code: 'invalid_credentials' }), 5_000);
    expect((await directory.changesSince(0)).filter(({ kind, body }) => kind === 'user' && body)).toEqual([]);
    expect(await whoIs((await login()).browser, url)).toMatchObject({ user_id: 'ann-1' });
    expect(await whoIs(browser, url)).toEqual({ code: 'invalid_credentials' });
  });

  test('is ended by a logout, wherever a copy of it is, and at the issuer too', async () => {
    const { login, url, issuer } = await open();
    const { browser } = await login();
    const copy = browser.copy();
    expect(await codeOf(await browser.call(`${url}/sso/logout`, { method: 'POST', from: 'https://evil.example' }))).toBe('cross_site_session');
    expect((await browser.call(`${url}/sso/logout`)).status).toBe(405);
    expect(await whoIs(browser, url)).toMatchObject({ user_id: 'ann-1' });
    const answer = (await (await browser.call(`${url}/sso/logout`, { method: 'POST' })).json()) as { status: string; logout_url: string };
    expect(answer.status).toBe('logged_out');
    expect(answer.logout_url.startsWith(`${issuer.url}/session/end?`)).toBe(true);
    expect(new URL(answer.logout_url).searchParams.get('id_token_hint')).toMatch(/^ey/);
    expect(browser.value('sluice-oidc')).toBeUndefined();
    expect(await whoIs(copy, url)).toEqual({ code: 'key_expired' });
  });

  test('is ended by a form, which leads to the issuer and back', async () => {
    const { login, url } = await open({ afterLogout: 'https://ai.example.com/bye' });
    const { browser } = await login();
    const response = await browser.call(`${url}/sso/logout`, { method: 'POST', headers: { accept: 'text/html,*/*' } });
    const to = new URL(response.headers.get('location') ?? '');
    expect([response.status, to.pathname, to.searchParams.get('post_logout_redirect_uri')]).toEqual([303, '/session/end', 'https://ai.example.com/bye']);
    expect(await whoIs(browser, url)).toEqual({ code: 'missing_credentials' });
  });
});
