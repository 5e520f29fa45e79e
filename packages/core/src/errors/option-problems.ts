import type { ConfigurationProblem } from './configuration-error.ts';
import { didYouMean } from './did-you-mean.ts';

/** What an option has to be. */
export type OptionCheck = {
  readonly isValid: (value: unknown) => boolean;
  /** The same in words, such as `a text`. */
  readonly form: string;
  /** Refuses options without it; a text says what to do about that. */
  readonly isRequired?: true | string;
  /** Of an option that has options itself. */
  readonly fields?: OptionChecks;
};

export type OptionChecks = Readonly<Record<string, OptionCheck>>;

/** Every option that is missing, wrong or unknown, each with its place, and with a suggestion where there is one. */
export function optionProblems(options: object, checks: OptionChecks, within = ''): ConfigurationProblem[] {
  const given = options as Readonly<Record<string, unknown>>;
  const missing = Object.entries(checks).filter(([name, { isRequired }]) => isRequired !== undefined && given[name] === undefined);
  return [
    ...missing.map(([name, { form, isRequired }]) => ({
      place: within + name,
      message: `is missing: ${isRequired === true ? `it has to be ${form}` : isRequired}`,
    })),
    ...Object.entries(given).flatMap(([name, value]) => problemsOf(name, value, checks, within)),
  ];
}

function problemsOf(name: string, value: unknown, checks: OptionChecks, within: string): ConfigurationProblem[] {
  const place = within + name;
  const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
  if (!check) {
    const suggestion = didYouMean(name, Object.keys(checks));
    return [{ place, message: `'${name}' is not an option.`, ...(suggestion === undefined ? {} : { suggestion }) }];
  }
  if (value === undefined) return [];
  if (!check.isValid(value)) return [{ place, message: `It has to be ${check.form}.` }];
  return check.fields ? optionProblems(value as object, check.fields, `${place}.`) : [];
}

export const aText: OptionCheck = { isValid: isText, form: 'a text' };
export const textList: OptionCheck = { isValid: (value) => isListOf(value, isText), form: 'a list of texts' };
export const aFlag: OptionCheck = { isValid: (value) => typeof value === 'boolean', form: 'true or false' };
export const milliseconds: OptionCheck = { isValid: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0, form: 'milliseconds' };

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

export function isListOf(value: unknown, isOne: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
