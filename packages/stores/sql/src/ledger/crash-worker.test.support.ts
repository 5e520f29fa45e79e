import { writeSync } from 'node:fs';
import { callRecord } from '@sluice/testing';
import { sqlLedger } from './sql-ledger.ts';

const [, , url = '', journalDir = '', run = ''] = process.argv;
const ledger = sqlLedger({ url, journalDir, writeEveryMs: 5, onError: () => undefined });

/** Goes on until it is killed, or for half a minute. */
async function append(lane: number): Promise<void> {
  const until = Date.now() + 30_000;
  for (let index = 0; Date.now() < until; index += 1) {
    const id = `${run}-${lane}-${index}`;
    await ledger.append(callRecord(id, { startedAt: new Date().toISOString(), keyId: `run-${run}`, costNanoUsd: 1000, status: 'ok' }));
    writeSync(1, `${id}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, lane) => append(lane)));
