import { open } from 'node:fs/promises';

const LF = 10;

/** Whole lines of a file from `offset` on, as many as fit `maxBytes`, but at least one; and where the next begins. */
export async function readLines(path: string, offset: number, maxBytes: number): Promise<{ readonly lines: readonly string[]; readonly next: number }> {
  const file = await open(path, 'r');
  try {
    for (let size = maxBytes; ; size *= 4) {
      const buffer = Buffer.alloc(size);
      const { bytesRead } = await file.read(buffer, 0, size, offset);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(LF);
      // What has no end yet is being written, or was never acknowledged.
      if (end >= 0) return { lines: buffer.toString('utf8', 0, end).split('\n'), next: offset + end + 1 };
      if (bytesRead < size) return { lines: [], next: offset };
    }
  } finally {
    await file.close();
  }
}
