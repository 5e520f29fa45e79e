import { didYouMean, nearest } from '../errors/did-you-mean.ts';
import type { Misfit } from './shape.ts';

export type Explanation = { readonly param: string; readonly message: string };

/** A misfit in words: where it stands, what belongs there, what was found instead, and a guess at what was meant. */
export function explain(misfit: Misfit, request: object): Explanation {
  const param = toPlace(misfit.path);
  if (misfit.names) return { param, message: `There is no field '${param.slice(0, LONGEST_NAME)}' here.${unknownHint(misfit)}` };
  const message = misfit.found === undefined ? missing(misfit.path, request) : `${param} has to be ${misfit.wanted}, not ${inWords(misfit)}.${hint(misfit)}`;
  return { param, message };
}

function unknownHint({ path, names = [] }: Misfit): string {
  const name = String(path.at(-1));
  return isShort(name) ? sentence(didYouMean(name, names)) : '';
}

function inWords({ found, words }: Misfit): string {
  if (found === null) return 'null';
  if (Array.isArray(found)) return found.length === 0 ? 'an empty list' : 'a list';
  switch (typeof found) {
    case 'string':
      // Only a slip of a known word is repeated: any other text may be the caller's own.
      return found === '' ? 'an empty text' : words && isShort(found) ? `'${found}'` : 'a text';
    case 'object':
      return 'an object';
    default:
      return String(found);
  }
}

function hint({ found, wanted, words }: Misfit): string {
  if (typeof found !== 'string' || found === '') return '';
  if (words) return isShort(found) ? sentence(didYouMean(found, words)) : '';
  const isQuoted = (wanted === 'a number' && Number.isFinite(Number(found))) || (wanted === 'true or false' && /^(true|false)$/.test(found));
  return isQuoted ? ' Write it without the quotes.' : '';
}

/** A required field that is not there; perhaps it stands there under a slip of its name. */
function missing(path: readonly (string | number)[], request: object): string {
  const parent = path.slice(0, -1).reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], request);
  const slip = nearest(
    String(path.at(-1)),
    Object.keys(parent as object)
      .slice(0, MOST_NAMES)
      .filter(isShort),
  );
  return `${toPlace(path)} is missing.${slip === undefined ? '' : ` There is '${slip}': is that a slip?`}`;
}

const MOST_NAMES = 100;
const LONGEST_NAME = 100;

/** `messages[2].content` */
function toPlace(path: readonly (string | number)[]): string {
  return path.reduce<string>((place, key) => (typeof key === 'number' ? `${place}[${key}]` : place === '' ? key : `${place}.${key}`), '');
}

function isShort(text: string): boolean {
  return text.length <= 40;
}

function sentence(text: string | undefined): string {
  return text === undefined ? '' : ` ${text}`;
}
