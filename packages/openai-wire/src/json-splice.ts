import { isUtf8 } from 'node:buffer';
import type { JsonObject } from '@sluice/core';

/** Where the parts of a JSON object stand in its bytes. Ends are exclusive. */
type Places = { readonly modelStart: number; readonly modelEnd: number; readonly end: number };

const QUOTE = 34;
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * The caller's own bytes with another `model`, and with `more` fields added at the end; the very same where neither changes them.
 *
 * Answers nothing where another parser could read these bytes otherwise than ours has: what was judged has to
 * be what is sent. Such are repeated keys at any depth, of which parsers keep the first, the last, or both,
 * escaped keys at the top, and text that is not UTF-8.
 */
export function spliceJson(bytes: Uint8Array, parsed: JsonObject, model: string, more = ''): Uint8Array | undefined {
  if (!isUtf8(bytes)) return undefined;
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places = findPlaces(source.toString('latin1'), parsed);
  if (!places) return undefined;
  if (more === '' && parsed.model === model) return bytes;
  const name = Buffer.from(JSON.stringify(model));
  const addition = Buffer.from(more);
  const { modelStart, modelEnd, end } = places;
  const spliced = Buffer.allocUnsafe(end + 1 + name.length - (modelEnd - modelStart) + addition.length);
  let at = source.copy(spliced, 0, 0, modelStart);
  at += name.copy(spliced, at);
  at += source.copy(spliced, at, modelEnd, end);
  at += addition.copy(spliced, at);
  spliced[at] = CLOSE_OBJECT;
  return spliced;
}

/** `text` is known to be JSON, read byte by byte as latin1, so that places in it are places in the bytes. */
function findPlaces(text: string, parsed: JsonObject): Places | undefined {
  let depth = 0;
  let keys = 0;
  let end = -1;
  let modelStart = -1;
  let modelEnd = -1;

  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      const start = index;
      index = endOfString(text, start);
      const colon = skipSpace(text, index + 1);
      if (text.charCodeAt(colon) !== COLON) continue;
      keys += 1;
      if (depth !== 1) continue;
      const key = text.slice(start + 1, index);
      if (key.includes('\\')) return undefined;
      if (key !== 'model') continue;
      modelStart = skipSpace(text, colon + 1);
      if (text.charCodeAt(modelStart) !== QUOTE) return undefined;
      index = endOfString(text, modelStart);
      modelEnd = index + 1;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      depth += 1;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      depth -= 1;
      if (depth === 0) end = index;
    }
  }
  return modelStart < 0 || keys !== countKeys(parsed) ? undefined : { modelStart, modelEnd, end };
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (text.charCodeAt(end - 1) === BACKSLASH && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 32) at += 1;
  return at;
}

/** Parsing folds repeated keys into one, so a lower count than the text's betrays them. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) {
    let count = 0;
    for (const item of value) if (typeof item === 'object') count += countKeys(item);
    return count;
  }
  const fields = Object.values(value);
  let count = fields.length;
  for (const field of fields) if (typeof field === 'object') count += countKeys(field);
  return count;
}
