// Writes the tables of docs/configuration.md from the keys that @sluice/config knows. Run after a build.
import { readFileSync, writeFileSync } from 'node:fs';

const START = '<!-- keys: written by tools/configuration-docs.mjs -->';
const END = '<!-- /keys -->';

/** @typedef {{ section: string; key: string; state: string; meaning: string }} Row */

/**
 * `text` with the tables of `rows` in their place.
 * @param {string} text
 * @param {readonly Row[]} rows
 */
export function withTables(text, rows) {
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start < 0 || end < start) throw new Error('docs/configuration.md has lost the marks between which the tables stand');
  return `${text.slice(0, start + START.length)}\n\n${tables(rows)}\n\n${text.slice(end)}`;
}

/** @param {readonly Row[]} rows */
function tables(rows) {
  const sections = [...new Set(rows.map(({ section }) => section))];
  return sections
    .map((section) =>
      table(
        section,
        rows.filter((row) => row.section === section),
      ),
    )
    .join('\n\n');
}

/** @param {string} section @param {readonly Row[]} rows */
function table(section, rows) {
  const supported = rows.filter(({ state }) => state === 'supported');
  return [
    `### ${section === '' ? 'At the top' : `\`${section}\``}`,
    ...(supported.length === 0
      ? []
      : ['', '| key | |', '| --- | --- |', ...byMeaning(supported).map(([meaning, keys]) => `| ${keys.join(', ')} | ${meaning.replaceAll('|', '\\|')} |`)]),
    ...list(rows, 'planned', 'Not supported yet, and refused as such'),
    ...list(rows, 'moot', 'Accepted, without effect here'),
    ...list(rows, 'never', 'Will not be supported'),
  ].join('\n');
}

/**
 * Keys of one state, those with the same reason together.
 * @param {readonly Row[]} rows @param {string} state @param {string} title
 */
function list(rows, state, title) {
  const reasons = byMeaning(rows.filter((row) => row.state === state));
  return reasons.flatMap(([reason, keys]) => ['', `${title}${reason === '' ? '' : ` (${reason})`}: ${keys.join(', ')}.`]);
}

/** @param {readonly Row[]} rows @returns {[string, string[]][]} */
function byMeaning(rows) {
  /** @type {Map<string, string[]>} */
  const keys = new Map();
  for (const { key, meaning } of rows) keys.set(meaning, [...(keys.get(meaning) ?? []), `\`${key}\``]);
  return [...keys];
}

if (process.argv[1] === import.meta.filename) {
  const { KEY_TABLE } = await import('../packages/config/dist/key-table.js');
  const file = new URL('../docs/configuration.md', import.meta.url);
  writeFileSync(file, withTables(readFileSync(file, 'utf8'), KEY_TABLE));
}
