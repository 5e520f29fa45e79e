import { type ConfigurationProblem, didYouMean } from '@sluice/core';
import type { ClaimPaths } from './claims.ts';
import { ALGORITHMS, type JwtOptions } from './options.ts';

type Check = { readonly isValid: (value: unknown) => boolean; readonly form: string };

const text: Check = { isValid: isText, form: 'a text' };
const texts: Check = { isValid: (value) => isText(value) || isListOf(value, isText), form: 'a text, or a list of texts' };
const flag: Check = { isValid: (value) => typeof value === 'boolean', form: 'true or false' };
const milliseconds: Check = { isValid: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0, form: 'milliseconds' };
const ROLES = ['proxy_admin', 'proxy_admin_viewer', 'org_admin', 'internal_user', 'internal_user_viewer'];

const OPTIONS: Readonly<Record<keyof JwtOptions, Check>> = {
  name: { isValid: (value) => isText(value) && /^[\w-]+$/.test(value), form: 'letters, digits, _ and -' },
  jwksUrl: text,
  allowHttp: flag,
  keys: { isValid: (value) => isListOf(value, isPublicKey), form: 'a list of public JSON Web Keys (`kty` RSA, EC or OKP, and nothing private)' },
  issuer: texts,
  audience: texts,
  algorithms: { isValid: (value) => isListOf(value, (one) => (ALGORITHMS as readonly unknown[]).includes(one)), form: `a list of ${ALGORITHMS.join(', ')}` },
  clockToleranceMs: milliseconds,
  keysTtlMs: milliseconds,
  keysOutageMs: milliseconds,
  cooldownMs: milliseconds,
  timeoutMs: milliseconds,
  claims: { isValid: isObject, form: 'paths of claims by name' },
  adminScope: text,
  roles: {
    isValid: (value) => isObject(value) && Object.values(value).every((role) => ROLES.includes(String(role))),
    form: `roles, each one of ${ROLES.join(', ')}`,
  },
  allowedRoles: { isValid: (value) => isListOf(value, isText), form: 'a list of texts' },
  allowedEmailDomain: text,
  defaultTeam: text,
  makesUsers: flag,
  makesTeams: flag,
};

const PATHS: Readonly<Record<keyof ClaimPaths, true>> = {
  user: true,
  email: true,
  team: true,
  teams: true,
  organization: true,
  endUser: true,
  roles: true,
  scopes: true,
};

const REQUIRED = {
  issuer: "is missing: name who issues the tokens, or '*' for anybody whose key is known",
  audience: "is missing: name for whom tokens are meant, or '*' to take what is meant for other applications as well",
} as const;

/** Every mistake in the options, each with its place. */
export function findProblems(options: JwtOptions): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(OPTIONS, name) ? OPTIONS[name as keyof JwtOptions] : undefined;
    if (!check) problems.push(unknown(name, name, Object.keys(OPTIONS)));
    else if (value !== undefined && !check.isValid(value)) problems.push({ place: name, message: `It has to be ${check.form}.` });
  }
  for (const [place, message] of Object.entries(REQUIRED)) if (options[place as keyof JwtOptions] === undefined) problems.push({ place, message });
  for (const [name, path] of isObject(options.claims) ? Object.entries(options.claims) : []) {
    if (!Object.hasOwn(PATHS, name)) problems.push(unknown(name, `claims.${name}`, Object.keys(PATHS)));
    else if (!isText(path)) problems.push({ place: `claims.${name}`, message: 'It has to be the path of a claim, such as sub or realm_access.roles.' });
  }
  return [...problems, ...keyProblems(options)];
}

function keyProblems({ jwksUrl, keys, allowHttp }: JwtOptions): ConfigurationProblem[] {
  if ((jwksUrl === undefined) === (keys === undefined))
    return [{ place: 'jwksUrl', message: 'Either `jwksUrl` or `keys` has to be given, to check signatures with.' }];
  if (keys?.length === 0) return [{ place: 'keys', message: 'The list is empty.' }];
  if (!isText(jwksUrl)) return [];
  const url = URL.canParse(jwksUrl) ? new URL(jwksUrl) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    return [{ place: 'jwksUrl', message: 'It has to be an address, such as https://id.example.com/keys.' }];
  if (url.protocol === 'https:' || allowHttp === true || isHere(url.hostname)) return [];
  return [{ place: 'jwksUrl', message: 'By http: anybody on the way could put keys of their own in its place. Use https:, or set `allowHttp`.' }];
}

function isHere(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function unknown(name: string, place: string, known: readonly string[]): ConfigurationProblem {
  const suggestion = didYouMean(name, known);
  return { place, message: `'${name}' is not an option.`, ...(suggestion === undefined ? {} : { suggestion }) };
}

function isPublicKey(key: unknown): boolean {
  return isObject(key) && ['RSA', 'EC', 'OKP'].includes(String(key.kty)) && key.d === undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isListOf(value: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
