import type { ConfigurationProblem } from './configuration-error.ts';
import { didYouMean } from './did-you-mean.ts';

/** What an option of a plugin has to be. */
export type OptionCheck = {
  readonly isValid: (value: unknown) => boolean;
  /** The same in words, which stand behind "It has to be". */
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
      message: isRequired === true ? `It is missing, and has to be ${form}.` : `It is missing: ${isRequired}.`,
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
