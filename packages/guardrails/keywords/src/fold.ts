/** A text in the form in which it is compared, and where each of its characters stood before. */
export type Folded = {
  readonly text: string;
  /** Where the unit that the character at each index came from began and ended. Absent when nothing has moved. */
  readonly places?: { readonly starts: Int32Array; readonly ends: Int32Array };
};

export type FoldOptions = {
  readonly caseSensitive: boolean;
  /** Whether it matters that white space of any length is one space. */
  readonly joinSpaces: boolean;
};

/** What nobody sees; white space of any length; or one character with the marks upon it. */
const UNIT = /[\p{Default_Ignorable_Code_Point}\x00-\x08\x0e-\x1f\x7f-\x9f]+|\s+|[^\s]\p{M}*/uy;
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\x00-\x08\x0e-\x1f\x7f-\x9f]/gu;

/** Marks that can be put on any letter. Those that make a letter of some language have become one with it by then. */
const DECORATION = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;

/** What most texts are made of. Nothing moves in them, unless white space is joined. */
const ORDINARY = /^[\x20-\x7e\t\n\r]*$/;
const LONG_SPACE = /\s\s/;
const OTHER_SPACE = /[\t\n\r]/g;

const SPACE = 0x20;

/**
 * Folds away what looks the same or is not seen: compatibility forms (full width, ligatures, styled letters),
 * case, strokes and other decoration, zero-width and control characters, the kind and length of white space.
 */
export function fold(text: string, { caseSensitive, joinSpaces }: FoldOptions): Folded {
  if (ORDINARY.test(text) && !(joinSpaces && LONG_SPACE.test(text))) {
    return { text: (caseSensitive ? text : text.toLowerCase()).replace(OTHER_SPACE, ' ') };
  }
  return foldAnything(text, caseSensitive);
}

function foldAnything(text: string, caseSensitive: boolean): Folded {
  const writer = new FoldedWriter(text.length);
  for (let index = 0; index < text.length; ) {
    const unit = text.charCodeAt(index);
    if (isPlain(unit) && !(text.charCodeAt(index + 1) >= 0x80)) {
      writer.put(caseSensitive ? unit : toLower(unit), index, index + 1);
      index += 1;
      continue;
    }
    UNIT.lastIndex = index;
    const match = UNIT.exec(text)?.[0] ?? text.charAt(index);
    const folded = foldUnit(match, caseSensitive);
    for (let at = 0; at < folded.length; at += 1) writer.put(folded.charCodeAt(at), index, index + match.length);
    index += match.length;
  }
  return writer.finish();
}

/** Grows as it must: a compatibility character may stand for many. */
class FoldedWriter {
  #units: Uint16Array;
  #starts: Int32Array;
  #ends: Int32Array;
  #length = 0;

  constructor(capacity: number) {
    this.#units = new Uint16Array(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
  }

  put(unit: number, start: number, end: number): void {
    const length = this.#length;
    if (unit === SPACE && length > 0 && this.#units[length - 1] === SPACE) {
      this.#ends[length - 1] = end;
      return;
    }
    if (length === this.#units.length) this.#grow();
    this.#units[length] = unit;
    this.#starts[length] = start;
    this.#ends[length] = end;
    this.#length = length + 1;
  }

  finish(): Folded {
    const length = this.#length;
    const text = Buffer.from(this.#units.buffer, 0, length * 2).toString('utf16le');
    return { text, places: { starts: this.#starts.subarray(0, length), ends: this.#ends.subarray(0, length) } };
  }

  #grow(): void {
    const capacity = this.#units.length * 2 + 64;
    const [units, starts, ends] = [new Uint16Array(capacity), new Int32Array(capacity), new Int32Array(capacity)];
    units.set(this.#units);
    starts.set(this.#starts);
    ends.set(this.#ends);
    [this.#units, this.#starts, this.#ends] = [units, starts, ends];
  }
}

/** The space and everything of ASCII that is seen. */
function isPlain(unit: number): boolean {
  return unit >= SPACE && unit < 0x7f;
}

function toLower(unit: number): number {
  return unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit;
}

function foldUnit(unit: string, caseSensitive: boolean): string {
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
