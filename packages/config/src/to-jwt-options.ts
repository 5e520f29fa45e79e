import { isRoute, type JsonObject } from '@sluice/core';
import type { Environment } from './from-environment.ts';
import type { Findings } from './mistakes.ts';
import type { ConfigFile } from './schema/config-file.ts';
import type { JwtAuth } from './schema/jwt-auth.ts';
import { toMs } from './to-ms.ts';
import type { Path } from './yaml-source.ts';

const DEFAULT_ADMIN_SCOPE = 'litellm_proxy_admin';

/** The options of `@sluice/identity-jwt`, where the file asks for it. */
export function toJwtOptions({ general_settings: general = {} }: ConfigFile, env: Environment, findings: Findings): JsonObject | undefined {
  const { enable_jwt_auth: isOn, litellm_jwtauth: auth = {} } = general;
  if (isOn !== true) {
    if (general.litellm_jwtauth) findings.note(['general_settings', 'litellm_jwtauth'], 'has no effect without `enable_jwt_auth: true`', 'key');
    return undefined;
  }
  const given = {
    public_key_url: auth.public_key_url ?? env.JWT_PUBLIC_KEY_URL,
    issuer: auth.issuer ?? env.JWT_ISSUER,
    audience: auth.audience ?? env.JWT_AUDIENCE,
  };
  const missing = REQUIRED.filter(([name]) => !given[name]);
  for (const [name, variable, more] of missing) findings.mistake([...PLACE, name], `is missing: set ${variable} in the environment${more}`);
  if (missing.length > 0) return undefined;
  if (given.public_key_url?.includes(',')) findings.notYet([...PLACE, 'public_key_url'], 'more than one address of keys');
  return withoutAbsent({
    jwksUrl: given.public_key_url,
    allowHttp: auth.allow_http,
    issuer: given.issuer,
    audience: given.audience,
    algorithms: auth.algorithms,
    keysTtlMs: auth.public_key_ttl === undefined ? undefined : toMs(auth.public_key_ttl),
    claims: toClaims(auth, findings),
    adminScope: auth.admin_jwt_scope ?? DEFAULT_ADMIN_SCOPE,
    roles: auth.role_mappings && Object.fromEntries(auth.role_mappings.map(({ role, internal_role }) => [role, internal_role])),
    rightsByScope: toScopes(auth, findings),
    adminRoutes: routesIn(auth, 'admin_allowed_routes', findings),
    teamRoutes: routesIn(auth, 'team_allowed_routes', findings),
    allowedRoles: auth.user_allowed_roles,
    allowedEmailDomains: auth.user_allowed_email_domain === undefined ? undefined : [auth.user_allowed_email_domain],
    defaultTeam: auth.team_id_default,
    makesUsers: auth.user_id_upsert,
    makesTeams: auth.team_id_upsert,
  });
}

const PLACE = ['general_settings', 'litellm_jwtauth'] as const;
const REQUIRED = [
  ['public_key_url', 'JWT_PUBLIC_KEY_URL', ''],
  ['issuer', 'JWT_ISSUER', ", or write '*' for anybody whose key is known"],
  ['audience', 'JWT_AUDIENCE', ", or write '*' to take what is meant for other applications as well"],
] as const;

function toClaims(auth: JwtAuth, findings: Findings): JsonObject {
  const { roles_jwt_field: roles, user_roles_jwt_field: userRoles } = auth;
  if (roles !== undefined && userRoles !== undefined && roles !== userRoles)
    findings.notYet([...PLACE, 'user_roles_jwt_field'], 'another claim than `roles_jwt_field`');
  return withoutAbsent({
    user: auth.user_id_jwt_field,
    email: auth.user_email_jwt_field,
    team: auth.team_id_jwt_field,
    teams: auth.team_ids_jwt_field,
    organization: auth.org_id_jwt_field,
    endUser: auth.end_user_id_jwt_field,
    roles: roles ?? userRoles,
  });
}

function toScopes({ scope_mappings: mappings, enforce_scope_based_access: isOn }: JwtAuth, findings: Findings): JsonObject | undefined {
  if (isOn !== true) {
    if (mappings) findings.note([...PLACE, 'scope_mappings'], 'has no effect without `enforce_scope_based_access: true`', 'key');
    return undefined;
  }
  if (!mappings) findings.mistake([...PLACE, 'scope_mappings'], 'is missing: without it `enforce_scope_based_access` would let nobody in');
  for (const [index, { routes = [] }] of (mappings ?? []).entries()) requireRoutes(routes, [...PLACE, 'scope_mappings', index, 'routes'], findings);
  return Object.fromEntries((mappings ?? []).map(({ scope, models = [], routes }) => [scope, { models, ...(routes && { routes }) }]));
}

function routesIn(auth: JwtAuth, field: 'admin_allowed_routes' | 'team_allowed_routes', findings: Findings): readonly string[] | undefined {
  requireRoutes(auth[field] ?? [], [...PLACE, field], findings);
  return auth[field];
}

/** One that stands for nothing would refuse in silence. */
function requireRoutes(routes: readonly string[], path: Path, findings: Findings): void {
  for (const [index, route] of routes.entries())
    if (!isRoute(route)) findings.mistake([...path, index], `'${route}' is neither a path of the gateway's nor a group of them`);
}

function withoutAbsent(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
