import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function documents(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return documents(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

it.each(documents(root).map((path) => [relative(root, path), path]))('the links of %s lead somewhere', (_name, path) => {
  const text = readFileSync(path, 'utf8').replace(/^```.*?^```/gms, '');
  const links = [...text.matchAll(/\]\((?!\w+:)([^)#\s]+)/g)].map(([, target]) => target ?? '');
  expect(links.filter((target) => !existsSync(join(dirname(path), target)))).toEqual([]);
});
