import type { JsonObject } from '../../types/json.ts';
import type { Redactor } from './redactor.ts';

/** Longer ones are documents or pictures, which no page of records shows. */
const LONGEST_TEXT = 20_000;
/** Of one value, all texts together. What comes after it is left out. */
const MOST_CHARACTERS = 500_000;
const DEEPEST = 40;

/** A value whose texts hold no credential, none too long and all together not too many. */
export function shortened(value: JsonObject, redact: Redactor): JsonObject {
  let left = MOST_CHARACTERS;

  function visit(node: unknown, depth: number): unknown {
    if (typeof node === 'string') return textOf(node);
    if (typeof node !== 'object' || node === null) return node;
    if (depth > DEEPEST || left <= 0) return '[left out]';
    if (Array.isArray(node)) return node.map((item: unknown) => visit(item, depth + 1));
    return Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, visit(inner, depth + 1)]));
  }

  function textOf(text: string): string {
    const most = Math.max(0, Math.min(LONGEST_TEXT, left));
    left -= Math.min(text.length, most);
    if (text.length <= most) return redact(text);
    return `${redact(text.slice(0, most))}[and ${text.length - most} characters more]`;
  }

  return visit(value, 0) as JsonObject;
}
