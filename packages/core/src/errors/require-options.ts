import type { JsonObject } from '../types/json.ts';
import { ConfigurationError, type ConfigurationProblem } from './configuration-error.ts';
import { didYouMean } from './did-you-mean.ts';

/** What an option of a plugin has to be; `form` says it in words, and stands behind "It has to be". */
export type OptionCheck = { readonly isValid: (value: unknown) => boolean; readonly form: string; readonly isRequired?: true };

/** Checks that many options need. */
export const OPTION = {
  text: { isValid: (value) => typeof value === 'string' && value !== '', form: 'a text' },
  flag: { isValid: (value) => typeof value === 'boolean', form: 'true or false' },
  count: { isValid: (value) => Number.isSafeInteger(value) && Number(value) > 0, form: 'a whole number over 0' },
  amount: { isValid: (value) => typeof value === 'number' && value > 0, form: 'a number over 0' },
  url: { isValid: (value) => typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value), form: 'an http(s) address' },
  texts: { isValid: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== ''), form: 'a list of texts' },
} as const satisfies Readonly<Record<string, OptionCheck>>;

/**
 * The options of a plugin, as they stand in a file.
 * @throws ConfigurationError naming every option that is missing, wrong or unknown, with a suggestion where there is one.
 */
export function requireOptions<T>(options: JsonObject, checks: Readonly<Record<keyof Required<T>, OptionCheck>>): T {
  const known = checks as Readonly<Record<string, OptionCheck>>;
  const missing = Object.entries(known).filter(([name, { isRequired }]) => isRequired && options[name] === undefined);
  const problems: ConfigurationProblem[] = missing.map(([place, { form }]) => ({ place, message: `It is missing, and has to be ${form}.` }));
  for (const [place, value] of Object.entries(options)) {
    const check = Object.hasOwn(known, place) ? known[place] : undefined;
    const suggestion = check ? undefined : didYouMean(place, Object.keys(known));
    if (!check) problems.push({ place, message: `'${place}' is not an option.`, ...(suggestion !== undefined && { suggestion }) });
    else if (value !== undefined && !check.isValid(value)) problems.push({ place, message: `It has to be ${check.form}.` });
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return options as T;
}
