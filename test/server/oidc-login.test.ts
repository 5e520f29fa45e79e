import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@sluice/config';
import { createGateway, type JsonObject } from '@sluice/core';
import { identity } from '@sluice/identity-oidc';
import { afterAll, expect, it } from 'vitest';

/** In the place of the package, for the configuration loads packages that are built: its options are what is looked at. */
const ECHO = "exports.identity = { create: (options) => ({ name: 'oidc', options, identify: () => undefined }) };";
const folder = mkdtempSync(join(tmpdir(), 'sluice-oidc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each<[string, Record<string, string>]>([
  ['Google', { GOOGLE_CLIENT_ID: 'g', GOOGLE_CLIENT_SECRET: 's', ALLOWED_EMAIL_DOMAINS: 'example.com' }],
  ['Microsoft', { MICROSOFT_CLIENT_ID: 'm', MICROSOFT_CLIENT_SECRET: 's', MICROSOFT_TENANT: '0b5e4a4e-6a51-4f2b-9d0f-0123456789ab' }],
  ['any provider', { GENERIC_CLIENT_ID: 'c', GENERIC_ISSUER: 'https://id.example.com', GENERIC_USER_ROLE_ATTRIBUTE: 'role', GENERIC_SCOPE: 'openid groups' }],
])('a login at %s in the environment is one that the package takes', async (_, env) => {
  const file = join(folder, 'sluice.yaml');
  writeFileSync(file, 'general_settings: { master_key: sk-0123456789abcdef }\n');
  mkdirSync(join(folder, 'node_modules/@sluice/identity-oidc'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/@sluice/identity-oidc/index.js'), ECHO);
  const base = { PROXY_BASE_URL: 'https://ai.example.com', SLUICE_SESSION_SECRET: 'a-secret-of-at-least-32-characters-0' };
  const { options } = readConfig(file, { env: { ...base, ...env } });
  const [echo] = options.identities as unknown as readonly { readonly options: JsonObject }[];
  const made = identity.create(echo?.options ?? {});
  expect(made.routes?.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /sso/login', 'GET /sso/callback', 'POST /sso/logout']);
  await createGateway({ ...options, identities: [made] }).close();
});
