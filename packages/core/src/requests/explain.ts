import type { z } from 'zod';
import { didYouMean, nearest } from '../errors/did-you-mean.ts';

type Issue = z.core.$ZodIssue;

export type Explanation = { readonly param: string; readonly message: string };

/** A fault in words: where it stands, what belongs there, what was found instead, and a guess at what was meant. */
export function explain(issue: Issue, request: object): Explanation {
  const found = valueAt(request, issue.path);
  const param = toPlace(issue.path);
  if (issue.code === 'invalid_union') {
    const inner = deepest(issue);
    if (inner) return explain({ ...inner, path: [...issue.path, ...inner.path] }, request);
  }
  const message = found === undefined ? missing(issue.path, request) : `${param} has to be ${wanted(issue)}, not ${described(found, issue)}.${hint(issue, found)}`;
  return { param, message };
}

/** Of the branches of a union the one that got furthest; none when all failed at the value itself. */
function deepest({ errors }: z.core.$ZodIssueInvalidUnion): Issue | undefined {
  const firsts = errors.map(([first]) => first).filter((first) => first !== undefined && first.path.length > 0);
  return firsts.sort((a, b) => (b?.path.length ?? 0) - (a?.path.length ?? 0))[0];
}

function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_NAMES[issue.expected] ?? `of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => `'${String(value)}'`).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array' ? `a ${issue.origin === 'string' ? 'text' : 'list'} that is not empty` : `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}${issue.origin === 'string' ? ' characters long' : ''}`;
    case 'invalid_format':
      return 'a text without line breaks and other control characters';
    case 'invalid_union':
      return [...new Set(issue.errors.flatMap(([first]) => (first ? [wanted(first)] : [])))].join(' or ');
    default:
      return 'something else';
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function described(found: unknown, issue: Issue): string {
  if (found === null) return 'null';
  if (Array.isArray(found)) return found.length === 0 ? 'an empty list' : 'a list';
  switch (typeof found) {
    case 'string':
      // Only words of a fixed set are repeated: any other text may be the caller's own.
      return found === '' ? 'an empty text' : issue.code === 'invalid_value' && isShort(found) ? `'${found}'` : 'a text';
    case 'object':
      return 'an object';
    default:
      return String(found);
  }
}

function hint(issue: Issue, found: unknown): string {
  if (typeof found !== 'string') return '';
  if (issue.code === 'invalid_value') return sentence(didYouMean(found, issue.values.map(String)));
  const isQuoted = issue.code === 'invalid_type' && ((issue.expected === 'number' && Number.isFinite(Number(found))) || (issue.expected === 'boolean' && /^(true|false)$/.test(found)));
  return isQuoted && found !== '' ? ' Write it without the quotes.' : '';
}

/** A required field that is not there; perhaps it stands there under a slip of its name. */
function missing(path: readonly PropertyKey[], request: object): string {
  const parent = valueAt(request, path.slice(0, -1));
  const slip = nearest(String(path.at(-1)), typeof parent === 'object' && parent !== null ? Object.keys(parent).filter(isShort) : []);
  return `${toPlace(path)} is missing.${slip === undefined ? '' : ` There is '${slip}': is that a slip?`}`;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], root);
}

/** `messages[2].content` */
function toPlace(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, key) => (typeof key === 'number' ? `${place}[${key}]` : place === '' ? String(key) : `${place}.${String(key)}`), '');
}

function isShort(text: string): boolean {
  return text.length <= 40;
}

function sentence(text: string | undefined): string {
  return text === undefined ? '' : ` ${text}`;
}
