import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { FIELD_PATH } from '../../provider/without-path.ts';
import type { ParameterRules } from '../../types/parameter-rules.ts';
import { type NamesOf, unknownIn } from './unknown-options.ts';
import { at } from './value-problems.ts';

const RULES: NamesOf<ParameterRules> = { dropUnsupported: true, drop: true, allow: true, modify: true };

/** Without these there is no request left. */
const NEEDED: readonly string[] = ['model', 'messages', 'input', 'prompt'];

/** What is wrong with rules about parameters. */
export function ruleProblems(place: string, rules: ParameterRules | undefined): ConfigurationProblem[] {
  if (rules === undefined) return [];
  const { dropUnsupported, drop = [], allow = [], modify } = rules;
  return [
    ...unknownIn(place, rules, RULES),
    ...Object.entries({ dropUnsupported, modify })
      .filter(([, value]) => value !== undefined && typeof value !== 'boolean')
      .map(([name, value]) => ({ place: at(place, name), message: `'${String(value)}' is neither true nor false` })),
    ...pathProblems(at(place, 'drop'), drop),
    ...pathProblems(at(place, 'allow'), allow),
    ...drop.filter((path) => NEEDED.includes(path)).map((path) => ({ place: at(place, 'drop'), message: `'${path}' is what the request is about` })),
  ];
}

function pathProblems(place: string, paths: readonly string[]): ConfigurationProblem[] {
  if (!Array.isArray(paths)) return [{ place, message: 'has to be a list of names' }];
  return paths
    .filter((path) => typeof path !== 'string' || !FIELD_PATH.test(path))
    .map((path) => ({ place, message: `'${String(path)}' is no path of a field`, suggestion: 'Write it as seed, or tools[*].function.strict.' }));
}
