import { afterEach, describe, expect, it } from 'vitest';
import { load, mistakes, removeFolders } from './config-folder.test.support.ts';

afterEach(removeFolders);

const ENV = { JWT_PUBLIC_KEY_URL: 'https://id.example.com/keys', JWT_AUDIENCE: 'gateway', JWT_ISSUER: 'https://id.example.com' };
/** Answers its options, to be looked at. */
const ECHO = {
  'node_modules/@sluice/identity-jwt/index.js': "exports.identity = { create: (options) => ({ name: 'jwt', options, identify: () => undefined }) };",
};

const file = (settings: string): string => `general_settings:\n  master_key: sk-0123456789abcdef\n  enable_jwt_auth: true\n${settings}`;

function optionsOf(settings: string, env: Record<string, string> = ENV): unknown {
  const [identity] = load(file(settings), env, ECHO).options.identities ?? [];
  return (identity as unknown as { readonly options: unknown }).options;
}

describe('enable_jwt_auth', () => {
  it("takes LiteLLM's names, and the environment", () => {
    const options = optionsOf(`
  litellm_jwtauth:
    user_id_jwt_field: sub
    team_ids_jwt_field: groups
    org_id_jwt_field: org.id
    end_user_id_jwt_field: customer
    roles_jwt_field: realm_access.roles
    role_mappings: [{ role: boss, internal_role: proxy_admin }]
    user_allowed_roles: [boss, staff]
    user_allowed_email_domain: example.com
    admin_jwt_scope: gateway_admin
    public_key_ttl: 60
    user_id_upsert: true
    team_id_upsert: false
    team_id_default: everybody`);
    expect(options).toEqual({
      jwksUrl: 'https://id.example.com/keys',
      issuer: 'https://id.example.com',
      audience: 'gateway',
      keysTtlMs: 60_000,
      claims: { user: 'sub', teams: 'groups', organization: 'org.id', endUser: 'customer', roles: 'realm_access.roles' },
      adminScope: 'gateway_admin',
      roles: { boss: 'proxy_admin' },
      allowedRoles: ['boss', 'staff'],
      allowedEmailDomains: ['example.com'],
      defaultTeam: 'everybody',
      makesUsers: true,
      makesTeams: false,
    });
  });

  it('takes scopes, where they are in force, and routes', () => {
    const scopes = 'scope_mappings: [{ scope: chat, models: [small], routes: [/chat/completions] }, { scope: look, routes: [info_routes] }]';
    const routes = 'admin_allowed_routes: [management_routes], team_allowed_routes: [llm_api_routes]';
    expect(optionsOf(`  litellm_jwtauth: { ${scopes}, enforce_scope_based_access: true, ${routes} }`)).toMatchObject({
      rightsByScope: { chat: { models: ['small'], routes: ['/chat/completions'] }, look: { models: [], routes: ['info_routes'] } },
      adminRoutes: ['management_routes'],
      teamRoutes: ['llm_api_routes'],
    });
    expect(optionsOf(`  litellm_jwtauth: { ${scopes} }`)).not.toHaveProperty('rightsByScope');
  });

  it('needs nothing in the file but itself', () => {
    expect(optionsOf('')).toMatchObject({ audience: 'gateway', adminScope: 'litellm_proxy_admin', claims: {} });
  });

  it('says what is missing, and what is not known', () => {
    expect(mistakes(file(''), {}, ECHO).join('\n')).toMatch(/JWT_PUBLIC_KEY_URL[^]*JWT_ISSUER[^]*JWT_AUDIENCE/);
    expect(mistakes(file('  litellm_jwtauth: { custom_validate: module.function }'), ENV, ECHO)).toEqual([expect.stringContaining('will not be supported')]);
    expect(mistakes(file('  litellm_jwtauth: { enforce_rbac: true }'), ENV, ECHO)).toEqual([expect.stringContaining('not supported yet')]);
    expect(mistakes(file('  litellm_jwtauth: { admin_allowed_routes: [/nowhere] }'), ENV, ECHO)).toEqual([expect.stringContaining("'/nowhere' is neither")]);
    expect(mistakes(file('  litellm_jwtauth: { enforce_scope_based_access: true }'), ENV, ECHO)).toEqual([expect.stringContaining('let nobody in')]);
    expect(mistakes(file('  litellm_jwtauth: { user_jwt_field: sub }'), ENV, ECHO)).toEqual([expect.stringContaining('user_id_jwt_field')]);
    expect(mistakes(file('  litellm_jwtauth: { roles_jwt_field: a, user_roles_jwt_field: b }'), ENV, ECHO)).toHaveLength(1);
    expect(mistakes(file(''), ENV)).toEqual([expect.stringContaining('identity-jwt')]);
  });

  it('that is off lets nobody in, and says so where tokens are described', () => {
    const { options, notes } = load('general_settings: { master_key: sk-0123456789abcdef, litellm_jwtauth: { user_id_jwt_field: sub } }', ENV, ECHO);
    expect(options.identities).toBeUndefined();
    expect(notes.map(({ message }) => message).join()).toContain('enable_jwt_auth');
  });
});

it('identities of others are packages by name', () => {
  const files = {
    'node_modules/sluice-identity-acme/index.js': 'exports.identity = { create: (options) => ({ name: options.as, identify: () => undefined }) };',
  };
  const { options } = load('identities: [{ identity: acme, as: badges }]', {}, files);
  expect(options.identities).toMatchObject([{ name: 'badges' }]);
});
