import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as { readonly forbidden: readonly { readonly name: string }[] };
const kept = forbidden.flatMap(({ name }) => /^core-(\w+)-looks-up-only$/.exec(name)?.[1] ?? []);

it('the order of folders in AGENTS.md is the one that is kept', () => {
  const agents = readFileSync(new URL('../../AGENTS.md', import.meta.url), 'utf8');
  const told = /a folder may import only those above it: ([\w, ]+)\./.exec(agents)?.[1]?.split(', ');
  expect(told).toEqual(kept);
});

it('every folder of core has its place in it', () => {
  const folders = readdirSync(new URL('../../packages/core/src', import.meta.url), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...kept].sort());
});
