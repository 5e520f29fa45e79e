/** A text in the form in which it is compared, and where each of its characters stood before. */
export type Folded = {
  readonly text: string;
  /** Where the unit that the character at each index came from began and ended. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
};

/** What nobody sees; white space of any length; or one character with the marks upon it. */
const UNITS = /[\p{Default_Ignorable_Code_Point}\x00-\x08\x0e-\x1f\x7f-\x9f]+|\s+|[^\s]\p{M}*/gu;
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\x00-\x08\x0e-\x1f\x7f-\x9f]/gu;
const PLAIN = /^[\x21-\x7e]$/;

/** Marks that can be put on any letter. Those that make a letter of some language have become one with it by then. */
const DECORATION = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;

/**
 * Folds away what looks the same or is not seen: compatibility forms (full width, ligatures, styled letters),
 * case, strokes and other decoration, zero-width and control characters, the kind and length of white space.
 */
export function fold(text: string, caseSensitive: boolean): Folded {
  const starts: number[] = [];
  const ends: number[] = [];
  let folded = '';
  // Remembered, because looking at the end of a text under construction copies the whole of it each time.
  let endsInSpace = false;
  for (const { 0: unit, index } of text.matchAll(UNITS)) {
    const plain = foldUnit(unit, caseSensitive);
    if (plain === '') continue;
    if (plain === ' ' && endsInSpace) {
      ends[ends.length - 1] = index + unit.length;
      continue;
    }
    endsInSpace = plain === ' ';
    for (let count = 0; count < plain.length; count += 1) {
      starts.push(index);
      ends.push(index + unit.length);
    }
    folded += plain;
  }
  return { text: folded, starts, ends };
}

function foldUnit(unit: string, caseSensitive: boolean): string {
  if (PLAIN.test(unit)) return caseSensitive ? unit : unit.toLowerCase();
  const seen = unit.replace(UNSEEN, '');
  if (seen === '') return '';
  if (seen.trim() === '') return ' ';
  const composed = seen.normalize('NFKC').replace(DECORATION, '');
  return caseSensitive ? composed : foldCase(composed);
}

/** By way of the capitals, which `ß` and `ss`, `ς` and `σ` have in common. */
function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
}
