import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KINDS } from './kinds.mjs';

const TEMPLATES = fileURLToPath(new URL('templates', import.meta.url));

/**
 * The files of a kind, by path. The templates are the package of one that is named `sample-name`.
 */
export function render(kind, name, packageName) {
  const folders = [kind, ...(KINDS[kind].hasOptions ? ['options'] : [])];
  const paths = folders.flatMap((folder) => filesIn(join(TEMPLATES, folder)).map((path) => [path, join(TEMPLATES, folder, path)]));
  return Object.fromEntries(paths.map(([path, file]) => [path, named(readFileSync(file, 'utf8'), kind, name, packageName)]));
}

/** Writes all or nothing: no file may be there before. */
export function writeNew(folder, files) {
  const there = Object.keys(files).filter((path) => existsSync(join(folder, path)));
  if (there.length > 0) return `${folder} has ${there.join(', ')} already, and nothing is overwritten. Name another folder.`;
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { flag: 'wx' });
  }
  return undefined;
}

function named(text, kind, name, packageName) {
  const camel = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  return text
    .replaceAll(`@sluice/${KINDS[kind].prefix}-sample-name`, packageName)
    .replaceAll('SAMPLE_NAME', name.toUpperCase().replaceAll('-', '_'))
    .replaceAll('SampleName', camel[0].toUpperCase() + camel.slice(1))
    .replaceAll('sampleName', camel)
    .replaceAll('sample-name', name);
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
