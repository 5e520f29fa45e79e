import { addressProblem, CLAIM_RULE_CHECKS, type ConfigurationProblem, OPTION, type OptionCheck, optionProblems } from '@sluice/core';
import type { JWK } from 'jose';
import { ALGORITHMS, type JwtOptions } from './options.ts';

const texts: OptionCheck = { isValid: (value) => OPTION.text.isValid(value) || OPTION.texts.isValid(value), form: 'a text, or a list of texts' };

const OPTIONS: Readonly<Record<keyof JwtOptions, OptionCheck>> = {
  ...CLAIM_RULE_CHECKS,
  name: { isValid: (value) => typeof value === 'string' && /^[\w-]+$/.test(value), form: 'letters, digits, _ and -' },
  jwksUrl: OPTION.text,
  allowHttp: OPTION.flag,
  keys: {
    isValid: (value) => Array.isArray(value) && value.every(isPublicKey),
    form: 'a list of public JSON Web Keys (`kty` RSA, EC or OKP, and nothing private)',
  },
  issuer: { ...texts, isRequired: "name who issues the tokens, or '*' for anybody whose key is known" },
  audience: { ...texts, isRequired: "name for whom tokens are meant, or '*' to take what is meant for other applications as well" },
  algorithms: {
    isValid: (value) => Array.isArray(value) && value.every((one) => (ALGORITHMS as readonly unknown[]).includes(one)),
    form: `a list of ${ALGORITHMS.join(', ')}`,
  },
  clockToleranceMs: OPTION.milliseconds,
  keysTtlMs: OPTION.milliseconds,
  keysOutageMs: OPTION.milliseconds,
  cooldownMs: OPTION.milliseconds,
  timeoutMs: OPTION.milliseconds,
};

/** Every mistake in the options, each with its place. */
export function findProblems(options: JwtOptions): ConfigurationProblem[] {
  return [...optionProblems(options, OPTIONS), ...keyProblems(options)];
}

function keyProblems({ jwksUrl, keys, allowHttp }: JwtOptions): ConfigurationProblem[] {
  if ((jwksUrl === undefined) === (keys === undefined))
    return [{ place: 'jwksUrl', message: 'Either `jwksUrl` or `keys` has to be given, to check signatures with.' }];
  if (keys?.length === 0) return [{ place: 'keys', message: 'The list is empty.' }];
  if (!OPTION.text.isValid(jwksUrl)) return [];
  const problem = addressProblem(String(jwksUrl), allowHttp);
  return problem === undefined ? [] : [{ place: 'jwksUrl', message: problem }];
}

function isPublicKey(key: unknown): boolean {
  if (!OPTION.fields.isValid(key)) return false;
  const { kty, d } = key as Partial<JWK>;
  return ['RSA', 'EC', 'OKP'].includes(String(kty)) && d === undefined;
}
