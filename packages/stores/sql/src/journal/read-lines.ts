import { open } from 'node:fs/promises';

const LF = 10;

/** Which part of a file: from `offset` to before `until`, and how much of it at once. */
export type Stretch = { readonly offset: number; readonly until: number; readonly maxBytes: number };

/** Whole lines of a part of a file, as many as fit `maxBytes`, but at least one; and where the next begins. */
export async function readLines(path: string, { offset, until, maxBytes }: Stretch): Promise<{ readonly lines: readonly string[]; readonly next: number }> {
  if (offset >= until) return { lines: [], next: offset };
  const file = await open(path, 'r');
  try {
    for (let most = maxBytes; ; most *= 4) {
      const size = Math.min(most, until - offset);
      const buffer = Buffer.alloc(size);
      const { bytesRead } = await file.read(buffer, 0, size, offset);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(LF);
      // What has no end yet is being written, or was never acknowledged.
      if (end >= 0) return { lines: buffer.toString('utf8', 0, end).split('\n'), next: offset + end + 1 };
      if (bytesRead < most) return { lines: [], next: offset };
    }
  } finally {
    await file.close();
  }
}
