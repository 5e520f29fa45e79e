import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { testDatabases } from '../databases.test.support.ts';
import { sqlLedger } from './sql-ledger.ts';

const { databases, folder } = testDatabases();
const KILLS = 12;
const WORKER = fileURLToPath(new URL('../../dist/ledger/crash-worker.test.support.js', import.meta.url));

/** Appends calls as fast as it can and tells of each that is durable; killed after a moment. Answers whom it told of. */
async function runAndKill(url: string, journalDir: string, run: number, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [WORKER, url, journalDir, String(run)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
  await once(child.stdout, 'data');
  await wait(afterMs);
  child.kill('SIGKILL');
  await once(child, 'close');
  return told.split('\n').slice(0, -1);
}

test.each(databases)(
  'P08: a process that is killed loses and doubles no call that it has answered, in $name',
  async ({ url }) => {
    if (!existsSync(WORKER)) throw new Error('Build first: the worker is run as it is published');
    const address = url({ skip: () => undefined });
    const journalDir = folder();
    const told: string[] = [];
    for (let run = 0; run < KILLS; run += 1) told.push(...(await runAndKill(address, journalDir, run, 10 + ((run * 37) % 200))));
    expect(told.length).toBeGreaterThan(KILLS);

    const ledger = sqlLedger({ url: address, journalDir });
    await ledger.flush();
    for (let run = 0; run < KILLS; run += 1) {
      const ids = told.filter((id) => id.startsWith(`${run}-`));
      const [row] = await ledger.reports.spendBy({ from: 0, to: Date.now() + 1, by: ['key'], where: { key: [`run-${run}`] } });
      // One more may have been written whose word did not come through.
      expect(row?.calls).toBeGreaterThanOrEqual(ids.length);
      expect(row?.calls).toBeLessThanOrEqual(ids.length + 64);
      expect(row?.costNanoUsd).toBe((row?.calls ?? 0) * 1000);
    }
    await ledger.close();
    const left = readdirSync(journalDir).map((name) => readFileSync(join(journalDir, name), 'utf8'));
    expect(left.join('')).toBe('');
  },
  60_000,
);
