import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';

/** Numbers that have to be whole and no less than `atLeast`; what is absent is fine. */
export function numberProblems(place: string, values: Readonly<Record<string, unknown>>, { atLeast }: { readonly atLeast: number }): ConfigurationProblem[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined && !(Number.isSafeInteger(value) && (value as number) >= atLeast))
    .map(([name, value]) => ({ place: at(place, name), message: `${String(value)} is not a whole number of ${atLeast} or more` }));
}

/** Parts of a hundred, of which none at all would be no option. */
export function percentProblems(place: string, value: number | undefined): ConfigurationProblem[] {
  if (value === undefined || (value > 0 && value <= 100)) return [];
  return [{ place, message: `${String(value)} is not above 0 and up to 100` }];
}

/** What has to be true or false; what is absent is fine. */
export function flagProblems(place: string, values: Readonly<Record<string, unknown>>): ConfigurationProblem[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined && typeof value !== 'boolean')
    .map(([name]) => ({ place: at(place, name), message: 'is neither true nor false' }));
}

/** What has to be one of a few words; what is absent is fine. */
export function wordProblems(place: string, value: unknown, words: readonly string[]): ConfigurationProblem[] {
  if (value === undefined || words.includes(value as string)) return [];
  const suggestion = didYouMean(String(value), words);
  return [{ place, message: `'${String(value)}' is none of '${words.join("', '")}'.`, ...(suggestion === undefined ? {} : { suggestion }) }];
}

/** Each value that stood before, by where it stands again. */
export function repetitions(values: readonly (readonly [place: string, value: string])[], what: string): ConfigurationProblem[] {
  const first = new Map<string, string>();
  const problems: ConfigurationProblem[] = [];
  for (const [place, value] of values) {
    const before = first.get(value);
    if (before === undefined) first.set(value, place);
    else problems.push({ place, message: `${what} is the same as at ${before}` });
  }
  return problems;
}

export function at(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}

export function notAFunction(place: string, value: unknown): ConfigurationProblem[] {
  return typeof value === 'function' ? [] : [{ place, message: 'has to be a function' }];
}
