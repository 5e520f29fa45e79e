import { ConfigurationError, defineGuardrail, type Edit, type Guardrail } from '@sluice/core';
import { fold, type Folded, type FoldOptions } from './fold.ts';
import { type Found, wordFinder } from './word-finder.ts';

export type KeywordsOptions = {
  /** Words or phrases. */
  readonly words: readonly string[];
  /** What a finding leads to. Default `block`. */
  readonly action?: 'block' | 'redact';
  /** Whether a word counts only where it is not part of a longer one. Default true. */
  readonly wholeWords?: boolean;
  /** Default false. */
  readonly caseSensitive?: boolean;
  /** What stands in place of a redacted word. Default `[redacted]`. */
  readonly replacement?: string;
  /** The guardrail's name in errors, headers and policies. Default `keywords`. */
  readonly name?: string;
};

/** These are written without spaces between words, so nothing can be said of where one ends. */
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const WORD_CHARACTER = /[\p{L}\p{N}\p{M}_]/u;

/**
 * A guardrail that finds words from a list, whatever their case, width, decoration and the invisible
 * characters between their letters. Linear in the text, however long the list.
 * @throws ConfigurationError for a list without words, or with words that are nothing but space.
 *
 * @example
 * createGateway({ guardrails: [{ guardrail: keywords({ words: ['project falcon'] }), on: ['input', 'output'] }] });
 */
export function keywords(options: KeywordsOptions): Guardrail {
  const { words, action = 'block', wholeWords = true, caseSensitive = false, replacement = '[redacted]', name = 'keywords' } = options;
  const folded = requireWords(words, caseSensitive);
  const find = wordFinder(folded);
  const foldOptions: FoldOptions = { caseSensitive, joinSpaces: folded.some((word) => word.includes(' ')) };

  /** Calls `use` with each place that counts, until it answers true. */
  function search(text: string, from: number, use: (place: Found) => boolean): void {
    const plain = fold(text, foldOptions);
    find(plain.text, ({ start, end }) => {
      if (!isOnUnits(plain, start, end) || (wholeWords && !isWhole(plain.text, start, end))) return false;
      const place = placeOf(plain, start, end);
      return place.end > from && use(place);
    });
  }

  return defineGuardrail({
    name,
    longestFinding: Math.max(...folded.map(({ length }) => length)),
    check({ text, from }) {
      const edits: Edit[] = [];
      search(text, from, (place) => {
        edits.push({ ...place, replacement });
        return action === 'block';
      });
      const [first] = edits;
      if (first === undefined) return { action: 'allow' };
      return action === 'redact' ? { action, edits } : { action, reason: 'it holds a forbidden word', span: { start: first.start, end: first.end } };
    },
  });
}

function requireWords(words: readonly string[], caseSensitive: boolean): readonly string[] {
  const folded = words.map((word) => fold(word, { caseSensitive, joinSpaces: true }).text.trim());
  const problems = folded.flatMap((word, index) =>
    word === '' ? [{ place: `words[${index}]`, message: 'A word has to have a character that can be seen.' }] : [],
  );
  if (words.length === 0) problems.push({ place: 'words', message: 'The list of words is empty.' });
  if (problems.length > 0) throw new ConfigurationError(problems);
  return folded;
}

/** A ligature or `ß` is several characters of one unit: a word does not begin or end inside. */
function isOnUnits({ places }: Folded, start: number, end: number): boolean {
  return places === undefined || (places.starts[start] !== places.starts[start - 1] && places.ends[end - 1] !== places.ends[end]);
}

function placeOf({ places }: Folded, start: number, end: number): Found {
  return places === undefined ? { start, end } : { start: places.starts[start] as number, end: places.ends[end - 1] as number };
}

function isWhole(text: string, start: number, end: number): boolean {
  return isEdge(characterAt(text, start), characterBefore(text, start)) && isEdge(characterBefore(text, end), characterAt(text, end));
}

function isEdge(inside: string, outside: string): boolean {
  return !WORD_CHARACTER.test(outside) || !WORD_CHARACTER.test(inside) || SPACELESS.test(inside);
}

function characterAt(text: string, index: number): string {
  const point = text.codePointAt(index);
  return point === undefined ? '' : String.fromCodePoint(point);
}

function characterBefore(text: string, index: number): string {
  const unit = text.charCodeAt(index - 1);
  const isSecondHalf = unit >= 0xdc00 && unit <= 0xdfff;
  return text.slice(Math.max(0, index - (isSecondHalf ? 2 : 1)), index);
}
