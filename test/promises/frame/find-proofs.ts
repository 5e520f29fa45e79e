import { readdirSync } from 'node:fs';
import type { Proof } from './proof.ts';

/** Folders of proofs, one an area. */
const FOLDER = new URL('..', import.meta.url);
/** What a router promises of streams is asked for with the rest of it. */
const INCLUDES: Readonly<Record<string, readonly string[]>> = { routing: ['streaming', 'routing'] };
const NO_AREAS = ['frame', 'support', 'dist'];

export const AREAS: readonly string[] = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !NO_AREAS.includes(entry.name))
  .map(({ name }) => name);

/** The proofs of an area and of those it includes, in order of their ids. */
export async function findProofs(area: string): Promise<readonly Proof[]> {
  return (await Promise.all((INCLUDES[area] ?? [area]).map(proofsIn))).flat();
}

/** The proofs in a folder, in order of their ids. @throws when a file there holds none. */
export async function proofsIn(folder: string): Promise<readonly Proof[]> {
  const names = readdirSync(new URL(`${folder}/`, FOLDER))
    .filter(isProgram)
    .sort();
  return Promise.all(names.map((name) => readProof(`../${folder}/${name}`)));
}

/** Sources when run from them, and programs when built. */
function isProgram(name: string): boolean {
  return /^[ps]\d+-[\w-]+\.(?:ts|js)$/.test(name) && !name.endsWith('.d.ts');
}

async function readProof(file: string): Promise<Proof> {
  const { proof } = (await import(/* @vite-ignore */ new URL(file, import.meta.url).href)) as { readonly proof?: Proof };
  if (!proof) throw new Error(`${file} exports no 'proof'`);
  return proof;
}
