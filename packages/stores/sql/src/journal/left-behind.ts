import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, isThisHost, ownerOf, segmentName } from './segment-name.ts';

const SILENT_MS = 60_000;

/**
 * Takes over the segments of processes that are dead: of this host by their process id, of another one, which shares
 * the folder, when nobody has given a sign of life there for a minute. Whoever renames a file first has it.
 */
export async function takeLeftBehind(dir: string): Promise<string[]> {
  const taken: string[] = [];
  for (const name of await readdir(dir).catch(() => [])) {
    const owner = ownerOf(name);
    if (!owner || !(await isDead(join(dir, name), owner))) continue;
    const path = join(dir, segmentName(`taken-${name.split('.')[2]}`));
    try {
      await rename(join(dir, name), path);
      taken.push(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return taken;
}

async function isDead(path: string, owner: { readonly host: string; readonly pid: number }): Promise<boolean> {
  if (isThisHost(owner)) return owner.pid !== process.pid && !isAlive(owner.pid);
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > SILENT_MS;
}
