import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlLedger } from '@sluice/store-sql';

/** Rows of a key in a database: how many, and what they cost together. */
export type Books = { readonly rows: number; readonly costNanoUsd: number };

/** Reads them by a process that carries on what others have left in `journalDir`, where that is said. */
export async function booksOf(url: string, keyId: string, journalDir?: string): Promise<Books> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-reader-'));
  const ledger = sqlLedger({ url, journalDir: journalDir ?? folder });
  try {
    const [row] = await ledger.reports.spendBy({ from: 0, to: Date.now() + 86_400_000, by: ['key'], where: { key: [keyId] } });
    return { rows: row?.calls ?? 0, costNanoUsd: row?.costNanoUsd ?? 0 };
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
