import { type ConfigurationProblem, didYouMean, type JsonObject } from '@sluice/core';

/** What an option has to be; `form` says it in words. */
export type OptionCheck = { readonly isValid: (value: unknown) => boolean; readonly form: string; readonly isRequired?: true };

/** Every option that is missing, wrong or unknown, with a suggestion where there is one. */
export function findProblems(options: JsonObject, checks: Readonly<Record<string, OptionCheck>>): ConfigurationProblem[] {
  const missing = Object.entries(checks).filter(([name, { isRequired }]) => isRequired && options[name] === undefined);
  const problems: ConfigurationProblem[] = missing.map(([place, { form }]) => ({ place, message: `It is missing, and has to be ${form}.` }));
  for (const [place, value] of Object.entries(options)) {
    const check = Object.hasOwn(checks, place) ? checks[place] : undefined;
    const suggestion = check ? undefined : didYouMean(place, Object.keys(checks));
    if (!check) problems.push({ place, message: `'${place}' is not an option.`, ...(suggestion !== undefined && { suggestion }) });
    else if (value !== undefined && !check.isValid(value)) problems.push({ place, message: `It has to be ${check.form}.` });
  }
  return problems;
}
