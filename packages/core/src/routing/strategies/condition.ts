import { ConfigurationError } from '../../errors/configuration-error.ts';
import { matchesWildcard } from '../../models/wildcard.ts';
import type { JsonValue } from '../../types/json.ts';
import type { RoutedCall } from '../../types/strategy.ts';

/** What one value has to be. A plain value means `is`. */
export type Test =
  | string
  | number
  | boolean
  | { readonly is: string | number | boolean }
  | { readonly in: readonly (string | number)[] }
  /** `*` stands for any text. */
  | { readonly like: string }
  | { readonly above: number }
  | { readonly below: number }
  | { readonly exists: boolean };

/**
 * A condition on a call as JSON: paths and what is to be found there, all of which have to hold.
 * Paths begin with `metadata`, `header`, `principal`, `request`, `tag`, `text`, `tokens`, `operation` or `stream`.
 *
 * @example
 * { 'metadata.tier': 'gold', 'header.x-team': { in: ['a', 'b'] }, tokens: { above: 2000 } }
 * { any: [{ tag: 'internal' }, { 'principal.teamId': { like: 'ops-*' } }] }
 */
export type Condition = { readonly [path: string]: Test | Condition | readonly Condition[] };

export type Predicate = (call: RoutedCall) => boolean;

/** What a path may begin with. */
const ROOTS: Readonly<Record<string, (call: RoutedCall) => unknown>> = {
  metadata: ({ metadata }) => metadata,
  header: ({ headers }) => headers,
  principal: ({ principal }) => principal,
  request: ({ request }) => request,
  tag: ({ tags }) => tags,
  text: ({ text }) => text,
  tokens: ({ inputTokens }) => inputTokens,
  operation: ({ operation }) => operation,
  stream: ({ isStream }) => isStream,
};
export const CONDITION_ROOTS: readonly string[] = Object.keys(ROOTS);
const TESTS = ['is', 'in', 'like', 'above', 'below', 'exists'];

/** @throws ConfigurationError naming what it does not understand, at `place`. */
export function toPredicate(condition: Condition, place = 'when'): Predicate {
  const parts = Object.entries(condition).map(([key, value]) => toPart(key, value, `${place}.${key}`));
  return (call) => parts.every((holds) => holds(call));
}

function toPart(key: string, value: Condition[string], place: string): Predicate {
  if (key === 'any' || key === 'all') {
    const inner = (value as readonly Condition[]).map((condition, index) => toPredicate(condition, `${place}[${index}]`));
    return key === 'any' ? (call) => inner.some((holds) => holds(call)) : (call) => inner.every((holds) => holds(call));
  }
  if (key === 'not') {
    const inner = toPredicate(value as Condition, place);
    return (call) => !inner(call);
  }
  const [root = '', ...path] = key.split('.');
  const read = ROOTS[root];
  if (!read) throw new ConfigurationError([{ place, message: `a path begins with ${CONDITION_ROOTS.join(', ')}, not '${root}'` }]);
  const test = toTest(value as Test, place);
  return (call) => {
    const found = path.length === 0 ? read(call) : valueAt(read(call), path);
    return Array.isArray(found) ? found.some(test) : test(found);
  };
}

/** Names of headers have no dots, and those of other fields hardly; the rest of a path may be one name. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  if (path.length === 0 || value === null || typeof value !== 'object') return path.length === 0 ? value : undefined;
  const [first = '', ...rest] = path;
  return Object.hasOwn(value, first) ? valueAt((value as Record<string, unknown>)[first], rest) : undefined;
}

function toTest(test: Test, place: string): (found: unknown) => boolean {
  if (typeof test !== 'object') return (found) => found === test;
  const [[name, wanted] = ['', undefined], ...others] = Object.entries(test as Record<string, JsonValue>);
  if (!TESTS.includes(name) || others.length > 0)
    throw new ConfigurationError([{ place, message: `has to be a value, or one of ${TESTS.join(', ')} with a value` }]);
  switch (name) {
    case 'in':
      return (found) => (wanted as readonly unknown[]).includes(found);
    case 'like':
      return (found) => typeof found === 'string' && matchesWildcard(wanted as string, found);
    case 'above':
      return (found) => typeof found === 'number' && found > (wanted as number);
    case 'below':
      return (found) => typeof found === 'number' && found < (wanted as number);
    case 'exists':
      return (found) => (found !== undefined) === wanted;
    default:
      return (found) => found === wanted;
  }
}
