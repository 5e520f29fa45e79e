import type { Finder, Finding } from './finding.ts';

const BEGIN = '-----BEGIN ';
const HEADER = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
const FOOTER = /-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
/** The end of one may be missing, as in the middle of a stream; in JSON line breaks are written as letters. */
const BODY = /(?:[A-Za-z0-9+/=\r\n]|\\[nr]){0,16384}/y;
const LONGEST = 16_384;

/** Private keys in PEM, from the first line to the last. */
export const findPrivateKeys: Finder = (text, from) => {
  const found: Finding[] = [];
  let footer = -1;
  for (let start = text.indexOf(BEGIN, from); start >= 0; ) {
    HEADER.lastIndex = start;
    const header = HEADER.exec(text)?.[0];
    if (header === undefined) {
      start = text.indexOf(BEGIN, start + BEGIN.length);
      continue;
    }
    const bodyStart = start + header.length;
    // Looked for once and remembered: a text full of beginnings would otherwise be searched to its end for each.
    if (footer !== Infinity && footer < bodyStart) footer = at(text.indexOf('-----END ', bodyStart));
    const end = footer - bodyStart <= LONGEST ? footerEnd(text, footer) : bodyStart + bodyLength(text, bodyStart);
    found.push({ start, end, kind: 'private key' });
    start = text.indexOf(BEGIN, end);
  }
  return found;
};

function at(index: number): number {
  return index < 0 ? Infinity : index;
}

function footerEnd(text: string, footer: number): number {
  FOOTER.lastIndex = footer;
  return footer + (FOOTER.exec(text)?.[0].length ?? 0);
}

function bodyLength(text: string, start: number): number {
  BODY.lastIndex = start;
  return BODY.exec(text)?.[0].length ?? 0;
}
