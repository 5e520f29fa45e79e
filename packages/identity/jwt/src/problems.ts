import {
  addressProblem,
  aFlag,
  aText,
  CLAIM_RULE_CHECKS,
  type ConfigurationProblem,
  isListOf,
  isObject,
  isText,
  milliseconds,
  type OptionCheck,
  optionProblems,
} from '@sluice/core';
import { ALGORITHMS, type JwtOptions } from './options.ts';

const texts: OptionCheck = { isValid: (value) => isText(value) || isListOf(value, isText), form: 'a text, or a list of texts' };

const OPTIONS: Readonly<Record<keyof JwtOptions, OptionCheck>> = {
  ...CLAIM_RULE_CHECKS,
  name: { isValid: (value) => isText(value) && /^[\w-]+$/.test(value), form: 'letters, digits, _ and -' },
  jwksUrl: aText,
  allowHttp: aFlag,
  keys: { isValid: (value) => isListOf(value, isPublicKey), form: 'a list of public JSON Web Keys (`kty` RSA, EC or OKP, and nothing private)' },
  issuer: { ...texts, isRequired: "name who issues the tokens, or '*' for anybody whose key is known" },
  audience: { ...texts, isRequired: "name for whom tokens are meant, or '*' to take what is meant for other applications as well" },
  algorithms: { isValid: (value) => isListOf(value, (one) => (ALGORITHMS as readonly unknown[]).includes(one)), form: `a list of ${ALGORITHMS.join(', ')}` },
  clockToleranceMs: milliseconds,
  keysTtlMs: milliseconds,
  keysOutageMs: milliseconds,
  cooldownMs: milliseconds,
  timeoutMs: milliseconds,
};

/** Every mistake in the options, each with its place. */
export function findProblems(options: JwtOptions): ConfigurationProblem[] {
  return [...optionProblems(options, OPTIONS), ...keyProblems(options)];
}

function keyProblems({ jwksUrl, keys, allowHttp }: JwtOptions): ConfigurationProblem[] {
  if ((jwksUrl === undefined) === (keys === undefined))
    return [{ place: 'jwksUrl', message: 'Either `jwksUrl` or `keys` has to be given, to check signatures with.' }];
  if (keys?.length === 0) return [{ place: 'keys', message: 'The list is empty.' }];
  if (!isText(jwksUrl)) return [];
  const problem = addressProblem(jwksUrl, allowHttp);
  return problem === undefined ? [] : [{ place: 'jwksUrl', message: problem }];
}

function isPublicKey(key: unknown): boolean {
  return isObject(key) && ['RSA', 'EC', 'OKP'].includes(String(key.kty)) && key.d === undefined;
}
