import { ROLES } from '../directory/to-known-key.ts';
import type { OptionCheck } from '../errors/option-problems.ts';
import { OPTION } from '../errors/require-options.ts';
import type { Role } from '../types/principal.ts';
import type { ClaimPaths } from './claims.ts';

export type ScopeRights = { readonly models?: readonly string[]; readonly routes?: readonly string[] };

/** What the claims of a provider of identities are here. */
export type ClaimRules = {
  /** Where the claims stand. Default: `user` in `sub`, `email` in `email`, `scopes` in `scope`. */
  readonly claims?: ClaimPaths;
  /** The scope that makes a caller an administrator. Default: none does. */
  readonly adminScope?: string;
  /** What roles of the provider are here. Others are none. */
  readonly roles?: Readonly<Record<string, Role>>;
  /** What callers may do by their scopes, all of them together: models and routes, each all where a scope names none. Who has none of these is refused. Default: all may all. */
  readonly rightsByScope?: Readonly<Record<string, ScopeRights>>;
  /** The only routes of administrators, and of who names a team, unless scopes say otherwise. Default: all. */
  readonly adminRoutes?: readonly string[];
  readonly teamRoutes?: readonly string[];
  /** The caller has to have one of these roles of the provider. */
  readonly allowedRoles?: readonly string[];
  /** The email has to be of one of these domains, and verified. */
  readonly allowedEmailDomains?: readonly string[];
  /** For who names no team. */
  readonly defaultTeam?: string;
  /** Users, and teams, that the directory does not have: made, or refused (default). */
  readonly makesUsers?: boolean;
  readonly makesTeams?: boolean;
};

const aPath: OptionCheck = { ...OPTION.text, form: 'the path of a claim, such as sub or realm_access.roles' };
const PATHS: Readonly<Record<keyof ClaimPaths, OptionCheck>> = {
  user: aPath,
  email: aPath,
  team: aPath,
  teams: aPath,
  organization: aPath,
  endUser: aPath,
  roles: aPath,
  scopes: aPath,
};
const aRole: OptionCheck = { isValid: (value) => ROLES.some((role) => role === value), form: `one of ${ROLES.join(', ')}` };

/** What {@link ClaimRules} have to be, for identities whose options they are part of. */
export const CLAIM_RULE_CHECKS: Readonly<Record<keyof ClaimRules, OptionCheck>> = {
  claims: { isValid: OPTION.fields.isValid, form: 'paths of claims by name', fields: PATHS },
  adminScope: OPTION.text,
  roles: { isValid: (value) => OPTION.fields.isValid(value) && Object.values(value as object).every(aRole.isValid), form: `roles, each ${aRole.form}` },
  rightsByScope: { isValid: isRightsByScope, form: '`{ models, routes }` by scope, each a list of texts' },
  adminRoutes: OPTION.texts,
  teamRoutes: OPTION.texts,
  allowedRoles: OPTION.texts,
  allowedEmailDomains: OPTION.texts,
  defaultTeam: OPTION.text,
  makesUsers: OPTION.flag,
  makesTeams: OPTION.flag,
};

function isRightsByScope(value: unknown): boolean {
  const isRights = (rights: unknown): boolean =>
    OPTION.fields.isValid(rights) &&
    Object.entries(rights as object).every(([name, list]) => ['models', 'routes'].includes(name) && OPTION.texts.isValid(list));
  return OPTION.fields.isValid(value) && Object.values(value as object).every(isRights);
}
