import type { Finder, Finding } from './finding.ts';

const CREDENTIALS = /:\/\/[^\s/:@"'<>]{0,100}:([^\s/@"'<>]{3,200})@/y;
/** As much of a value as is judged: longer than most keys, and each name costs no more, however close the next one stands. */
const VALUE = /[:=]>? {0,3}\\?["'`]?([^\s"'`,;<>()\\]{12,64})/y;
const REST = /[^\s"'`,;<>()\\]{0,240}/y;
const NAME =
  /(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|(?:access|private|secret|account|signing|encryption|auth)[_-]?key|credentials?)["'`\\]{0,2} {0,3}$/i;

/** Before a value stands a name, which ends in one of these letters, or in a quote or a space after them. */
const LONGEST_NAME = 24;

/** Passwords in addresses: `postgres://user:password@host`. Only the password is one. */
export const findInAddresses: Finder = (text, from) => {
  const found: Finding[] = [];
  for (let at = text.indexOf('://', from); at >= 0; at = text.indexOf('://', at + 3)) {
    CREDENTIALS.lastIndex = at;
    const match = CREDENTIALS.exec(text);
    if (match === null) continue;
    const end = at + match[0].length - 1;
    found.push({ start: end - (match[1] as string).length, end, kind: 'password in an address' });
  }
  return found;
};

/** What stands behind a name that says so: `api_key = "…"`. Only what looks made by a machine: words of people's stand there as well. */
export const findAssigned: Finder = (text, from) => [...behind('=', text, from), ...behind(':', text, from)];

function behind(sign: string, text: string, from: number): Finding[] {
  const found: Finding[] = [];
  for (let at = text.indexOf(sign, from); at >= 0; at = text.indexOf(sign, at + 1)) {
    if (!mayBeNamed(text, at) || !NAME.test(text.slice(Math.max(0, at - LONGEST_NAME), at))) continue;
    VALUE.lastIndex = at;
    const match = VALUE.exec(text);
    if (match === null || !isRandom(match[1] as string)) continue;
    REST.lastIndex = VALUE.lastIndex;
    const end = VALUE.lastIndex + (REST.exec(text)?.[0].length ?? 0);
    found.push({ start: VALUE.lastIndex - (match[1] as string).length, end, kind: 'credential' });
  }
  return found;
}

const LAST_LETTERS = new Set([...'sdetnylSDETNYL"\'`\\ '].map((letter) => letter.charCodeAt(0)));

/** Cheap, because JSON is full of colons. */
function mayBeNamed(text: string, at: number): boolean {
  return LAST_LETTERS.has(text.charCodeAt(at - 1));
}

const KINDS = [/[a-z]/, /[A-Z]/, /\d/];
const DIGIT = /\d/;
const LEAST_KINDS = 2;
const LEAST_BITS = 3;

/** Whether letters are mixed with digits, and few of them come twice. */
function isRandom(value: string): boolean {
  return DIGIT.test(value) && KINDS.filter((kind) => kind.test(value)).length >= LEAST_KINDS && entropy(value) >= LEAST_BITS;
}

/** Bits a character. Letters beyond ASCII are counted with those they share seven bits with. */
function entropy(value: string): number {
  const counts = new Uint8Array(128);
  for (let index = 0; index < value.length; index += 1) (counts[value.charCodeAt(index) & 127] as number) += 1;
  let sum = 0;
  for (let letter = 0; letter < counts.length; letter += 1) {
    const count = counts[letter] as number;
    if (count > 1) sum += count * Math.log2(count);
  }
  return Math.log2(value.length) - sum / value.length;
}
