import type { JsonObject } from '@sluice/core';
import type { Environment } from './from-environment.ts';
import type { Findings } from './mistakes.ts';
import type { ConfigFile } from './schema/config-file.ts';

/** As LiteLLM calls who people log in at. */
const PROVIDERS = ['GOOGLE', 'MICROSOFT', 'GENERIC'] as const;
type ProviderName = (typeof PROVIDERS)[number];

const SHORTEST_SECRET = 32;
const ROLES = ['proxy_admin', 'proxy_admin_viewer', 'org_admin', 'internal_user', 'internal_user_viewer'];

/** The options of `@sluice/identity-oidc`, where the environment describes a login in LiteLLM's variables. */
export function toOidcOptions(file: ConfigFile, env: Environment, findings: Findings): JsonObject | undefined {
  const [provider, ...others] = PROVIDERS.filter((name) => env[`${name}_CLIENT_ID`]);
  if (provider === undefined) return undefined;
  const at = (variable: string): readonly [string, string] => ['environment_variables', variable];
  if (namesLogin(file) || !env.PROXY_BASE_URL) {
    const why = namesLogin(file) ? 'while `identities` names a login' : 'without PROXY_BASE_URL, where browsers find the gateway';
    findings.note(at(`${provider}_CLIENT_ID`), `has no effect ${why}`, 'key');
    return undefined;
  }
  const wrong = findings.problems.length;
  for (const other of others)
    findings.mistake(at(`${other}_CLIENT_ID`), `is a second login beside ${provider}_CLIENT_ID: name one of them under \`identities\``);
  const issuer = issuerOf(provider, env);
  if (!issuer) findings.mistake(at(ISSUER[provider].variable), `is missing: ${ISSUER[provider].hint}`);
  if (provider === 'MICROSOFT' && issuer && !isTenant(String(env.MICROSOFT_TENANT)))
    findings.mistake(
      at('MICROSOFT_TENANT'),
      'has to be the id of your own tenant, such as 01234567-89ab-cdef-0123-456789abcdef: tokens name it by nothing else',
    );
  if (provider === 'GOOGLE' && !env.ALLOWED_EMAIL_DOMAINS)
    findings.mistake(at('ALLOWED_EMAIL_DOMAINS'), 'is missing: anybody may have an account at Google, and would be made a user here');
  const secret = secretOf(file, env);
  if (secret === undefined || secret.length < SHORTEST_SECRET)
    findings.mistake(at('SLUICE_SESSION_SECRET'), `is missing: sessions are sealed with it, or with a salt key of ${SHORTEST_SECRET} characters or more`);
  if (findings.problems.length > wrong) return undefined;
  return withoutAbsent({
    issuer,
    clientId: env[`${provider}_CLIENT_ID`],
    clientSecret: env[`${provider}_CLIENT_SECRET`],
    baseUrl: env.PROXY_BASE_URL,
    secret,
    allowedEmailDomains: listIn(env.ALLOWED_EMAIL_DOMAINS, ','),
    makesUsers: true,
    afterLogout: env.PROXY_LOGOUT_URL,
    ...(provider === 'MICROSOFT' && { trustsEmails: true }),
    ...(provider === 'GENERIC' && generic(env)),
  });
}

const ISSUER: Readonly<Record<ProviderName, { readonly variable: string; readonly hint: string }>> = {
  GOOGLE: { variable: 'GOOGLE_CLIENT_ID', hint: '' },
  MICROSOFT: { variable: 'MICROSOFT_TENANT', hint: 'the id of your tenant' },
  GENERIC: {
    variable: 'GENERIC_ISSUER',
    hint: 'tokens are checked here, so it takes the issuer whose /.well-known/openid-configuration names GENERIC_AUTHORIZATION_ENDPOINT and the others',
  },
};

function issuerOf(provider: ProviderName, env: Environment): string | undefined {
  switch (provider) {
    case 'GOOGLE':
      return 'https://accounts.google.com';
    case 'MICROSOFT':
      return env.MICROSOFT_TENANT && `https://login.microsoftonline.com/${encodeURIComponent(env.MICROSOFT_TENANT)}/v2.0`;
    case 'GENERIC':
      return env.GENERIC_ISSUER;
  }
}

/** Whose people are known to somebody: the tenant of consumers lets in everybody. */
function isTenant(name: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name) && name.toLowerCase() !== '9188040d-6c67-4c5b-b112-36a304b66dad';
}

/** Roles are those of LiteLLM's names, and only where a claim for them is named: what people may write about themselves is none. */
function generic(env: Environment): JsonObject {
  const claims = withoutAbsent({
    user: env.GENERIC_USER_ID_ATTRIBUTE,
    email: env.GENERIC_USER_EMAIL_ATTRIBUTE,
    roles: env.GENERIC_USER_ROLE_ATTRIBUTE,
  });
  return {
    claims,
    scopes: listIn(env.GENERIC_SCOPE, ' '),
    ...(claims.roles !== undefined && { roles: Object.fromEntries(ROLES.map((role) => [role, role])) }),
  };
}

function namesLogin({ identities = [] }: ConfigFile): boolean {
  return identities.some((entry) => ['oidc', '@sluice/identity-oidc'].includes(typeof entry === 'string' ? entry : entry.identity));
}

function secretOf({ general_settings: { salt_key: saltKey } = {} }: ConfigFile, env: Environment): string | undefined {
  return env.SLUICE_SESSION_SECRET ?? saltKey ?? env.SLUICE_SALT_KEY ?? env.LITELLM_SALT_KEY;
}

function listIn(text: string | undefined, separator: string): readonly string[] | undefined {
  return text
    ?.split(separator)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

function withoutAbsent(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}
