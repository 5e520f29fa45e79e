import { ROLES } from '../directory/to-known-key.ts';
import type { OptionCheck } from '../errors/option-problems.ts';
import { OPTION } from '../errors/require-options.ts';
import type { Role } from '../types/call.ts';
import type { ClaimPaths } from './claims.ts';

/** What the claims of a provider of identities are here. */
export type ClaimRules = {
  /** Where the claims stand. Default: `user` in `sub`, `email` in `email`, `scopes` in `scope`. */
  readonly claims?: ClaimPaths;
  /** The scope that makes a caller an administrator. Default: none does. */
  readonly adminScope?: string;
  /** What roles of the provider are here. Others are none. */
  readonly roles?: Readonly<Record<string, Role>>;
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
  allowedRoles: OPTION.texts,
  allowedEmailDomains: OPTION.texts,
  defaultTeam: OPTION.text,
  makesUsers: OPTION.flag,
  makesTeams: OPTION.flag,
};
