import { afterEach, describe, expect, it } from 'vitest';
import { load, mistakes, removeFolders } from './config-folder.test.support.ts';

afterEach(removeFolders);

/** Answers its options, to be looked at. */
const ECHO = {
  'node_modules/@sluice/identity-oidc/index.js': "exports.identity = { create: (options) => ({ name: 'oidc', options, identify: () => undefined }) };",
};
const FILE = 'general_settings: { master_key: sk-0123456789abcdef }';
const SECRET = 'a-secret-of-at-least-32-characters-0';
const TENANT = '0b5e4a4e-6a51-4f2b-9d0f-0123456789ab';
const BASE = { PROXY_BASE_URL: 'https://ai.example.com', SLUICE_SESSION_SECRET: SECRET };

function optionsOf(env: Record<string, string>, text = FILE): unknown {
  const [identity] = load(text, { ...BASE, ...env }, ECHO).options.identities ?? [];
  return (identity as unknown as { readonly options?: unknown } | undefined)?.options;
}

describe("a login in LiteLLM's variables", () => {
  it('is at Google, for domains of ones own', () => {
    expect(optionsOf({ GOOGLE_CLIENT_ID: 'g', GOOGLE_CLIENT_SECRET: 's', ALLOWED_EMAIL_DOMAINS: 'example.com, example.org' })).toEqual({
      issuer: 'https://accounts.google.com',
      clientId: 'g',
      clientSecret: 's',
      baseUrl: 'https://ai.example.com',
      secret: SECRET,
      allowedEmailDomains: ['example.com', 'example.org'],
      makesUsers: true,
    });
  });

  it("is at one's own tenant of Microsoft", () => {
    const options = optionsOf({ MICROSOFT_CLIENT_ID: 'm', MICROSOFT_CLIENT_SECRET: 's', MICROSOFT_TENANT: TENANT });
    expect(options).toMatchObject({ issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`, clientId: 'm', trustsEmails: true });
  });

  it('is at any provider, with its claims, and roles only where a claim is named for them', () => {
    const env = { GENERIC_CLIENT_ID: 'c', GENERIC_CLIENT_SECRET: 's', GENERIC_ISSUER: 'https://id.example.com', GENERIC_SCOPE: 'openid email  groups' };
    expect(optionsOf(env)).toEqual({
      issuer: 'https://id.example.com',
      clientId: 'c',
      clientSecret: 's',
      baseUrl: 'https://ai.example.com',
      secret: SECRET,
      makesUsers: true,
      claims: {},
      scopes: ['openid', 'email', 'groups'],
    });
    const claims = { GENERIC_USER_ID_ATTRIBUTE: 'preferred_username', GENERIC_USER_EMAIL_ATTRIBUTE: 'mail', GENERIC_USER_ROLE_ATTRIBUTE: 'role' };
    expect(optionsOf({ ...env, ...claims })).toMatchObject({
      claims: { user: 'preferred_username', email: 'mail', roles: 'role' },
      roles: { proxy_admin: 'proxy_admin', internal_user_viewer: 'internal_user_viewer' },
    });
  });

  it('is sealed by the salt key where there is no secret of its own', () => {
    const env = { GOOGLE_CLIENT_ID: 'g', ALLOWED_EMAIL_DOMAINS: 'example.com', PROXY_BASE_URL: 'https://ai.example.com', LITELLM_SALT_KEY: `salt-${SECRET}` };
    const [identity] = load(FILE, env, ECHO).options.identities ?? [];
    expect((identity as unknown as { options: { secret: string } }).options.secret).toBe(`salt-${SECRET}`);
  });

  it('says what is missing, and quotes no secret', () => {
    const env = { GENERIC_CLIENT_ID: 'c', GENERIC_CLIENT_SECRET: 'very-secret', PROXY_BASE_URL: 'https://ai.example.com', SLUICE_SESSION_SECRET: 'short' };
    const told = mistakes(FILE, env, ECHO).join('\n');
    expect(told).toMatch(/GENERIC_ISSUER.*is missing[^]*SLUICE_SESSION_SECRET.*is missing/);
    expect(told).not.toMatch(/very-secret|short/);
    expect(mistakes(FILE, { ...BASE, MICROSOFT_CLIENT_ID: 'm' }, ECHO)).toEqual([expect.stringContaining('MICROSOFT_TENANT')]);
    for (const tenant of ['contoso.example', 'common', 'consumers', '9188040d-6c67-4c5b-b112-36a304b66dad', `${TENANT}/..`])
      expect(mistakes(FILE, { ...BASE, MICROSOFT_CLIENT_ID: 'm', MICROSOFT_TENANT: tenant }, ECHO)).toEqual([
        expect.stringMatching(/MICROSOFT_TENANT.*id of your own tenant/),
      ]);
    expect(
      mistakes(FILE, { ...BASE, MICROSOFT_CLIENT_ID: 'm', MICROSOFT_TENANT: TENANT, GOOGLE_CLIENT_ID: 'g', ALLOWED_EMAIL_DOMAINS: 'a.example' }, ECHO),
    ).toEqual([expect.stringContaining('second login')]);
    expect(mistakes(FILE, { ...BASE, GOOGLE_CLIENT_ID: 'g' }, ECHO)).toEqual([expect.stringContaining('ALLOWED_EMAIL_DOMAINS')]);
    expect(mistakes(FILE, { ...BASE, GOOGLE_CLIENT_ID: 'g', ALLOWED_EMAIL_DOMAINS: 'example.com' })).toEqual([expect.stringContaining('identity-oidc')]);
  });

  it('is none, which is told, without an address or beside one in the file', () => {
    const alone = load(FILE, { GOOGLE_CLIENT_ID: 'g' }, ECHO);
    expect([alone.options.identities, alone.notes.map(({ message }) => message).join()]).toEqual([undefined, expect.stringContaining('PROXY_BASE_URL')]);
    const named = load(`${FILE}\nidentities: [{ identity: oidc, issuer: 'https://id.example.com' }]`, { ...BASE, GOOGLE_CLIENT_ID: 'g' }, ECHO);
    expect(named.options.identities).toHaveLength(1);
    expect(named.notes.map(({ message }) => message).join()).toContain('`identities` names a login');
  });
});
