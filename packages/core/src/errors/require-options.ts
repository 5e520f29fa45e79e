import type { JsonObject } from '../types/json.ts';
import { ConfigurationError } from './configuration-error.ts';
import { type OptionCheck, type OptionChecks, optionProblems } from './option-problems.ts';

/** Checks that many options need. */
export const OPTION = {
  text: { isValid: (value) => typeof value === 'string' && value !== '', form: 'a text' },
  flag: { isValid: (value) => typeof value === 'boolean', form: 'true or false' },
  count: { isValid: (value) => Number.isSafeInteger(value) && Number(value) > 0, form: 'a whole number over 0' },
  amount: { isValid: (value) => typeof value === 'number' && value > 0, form: 'a number over 0' },
  milliseconds: { isValid: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0, form: 'milliseconds' },
  url: { isValid: (value) => typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value), form: 'an http(s) address' },
  texts: { isValid: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== ''), form: 'a list of texts' },
  fields: { isValid: (value) => typeof value === 'object' && value !== null && !Array.isArray(value), form: 'values by name' },
} as const satisfies Readonly<Record<string, OptionCheck>>;

/**
 * The options of a plugin, as they stand in a file.
 * @throws ConfigurationError naming every option that is missing, wrong or unknown, with a suggestion where there is one.
 */
export function requireOptions<T>(options: JsonObject, checks: Readonly<Record<keyof Required<T>, OptionCheck>>): T {
  const problems = optionProblems(options, checks as OptionChecks);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return options as T;
}
