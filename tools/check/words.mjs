import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run-tool.mjs';

/** What is never meant to be committed, whoever wrote it. */
const PATTERNS = [
  { pattern: /\b(?:TODO|FIXME|XXX)\b/, reason: 'unfinished; finish it or say in docs what is missing' },
  { pattern: /(?:\/home|\/Users|[A-Z]:\\Users)[/\\]\w+/, reason: "somebody's own machine" },
  { pattern: /\b(?:sk-proj-|sk-ant-|gsk_|xai-|AIza)[A-Za-z0-9_-]{24,}/, reason: 'looks like a real key' },
  { pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/, reason: 'a private key' },
];
const LOCKFILE = { pattern: /tarball:|https?:\/\//, reason: 'the lockfile names a registry' };
const SELF = 'tools/check/words.mjs';
const LARGEST_BYTES = 1024 * 1024;

/**
 * Looks for words that do not belong in files that git knows or would add. Further ones, none by default, come
 * from CHECK_WORDS, parted by commas.
 */
export async function checkWords() {
  const { output } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
  const patterns = [...PATTERNS, ...furtherWords()];
  return output
    .split('\n')
    .filter((file) => file !== '' && file !== SELF && isText(file))
    .flatMap((file) => complaintsOf(file, file === 'pnpm-lock.yaml' ? [LOCKFILE] : patterns))
    .join('\n');
}

function complaintsOf(file, patterns) {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  return lines.flatMap((line, index) =>
    patterns.filter(({ pattern }) => pattern.test(line)).map(({ reason }) => `${file}:${index + 1}: ${reason}: ${line.trim().slice(0, 120)}`),
  );
}

function furtherWords() {
  const words = (process.env.CHECK_WORDS ?? '').split(',').filter((word) => word.trim() !== '');
  return words.map((word) => ({ pattern: new RegExp(word.replace(/[^\w\s]/g, '\\$&'), 'i'), reason: `'${word}' does not belong here` }));
}

function isText(file) {
  const stats = statSync(join(root, file), { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size <= LARGEST_BYTES && !/\.(?:png|jpg|gif|ico|wav|mp3|woff2?)$/.test(file);
}
