import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PIECE = Buffer.alloc(4096);

export type SmallDisk = {
  readonly path: string;
  /** Takes all the room that is left. */
  fill(): void;
  /** Gives it back. */
  free(): void;
  close(): void;
};

/** Whether disks may be mounted here. */
export function mayMount(): boolean {
  try {
    smallDisk(1).close();
    return true;
  } catch {
    return false;
  }
}

/** A disk of so many MiB that lies in memory. @throws where none may be mounted. */
export function smallDisk(mib: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'sluice-disk-'));
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', path]);
  if (status !== 0) {
    rmSync(path, { recursive: true });
    throw new Error(`No disk may be mounted here: ${String(stderr)}`);
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    fill() {
      const file = openSync(ballast, 'a');
      try {
        for (;;) writeSync(file, PIECE);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
    close() {
      spawnSync('umount', ['-l', path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
