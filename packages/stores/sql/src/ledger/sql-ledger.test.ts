import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { CallFilter, CallRecord, SpendPart } from '@sluice/core';
import { callRecord } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { testDatabases } from '../databases.test.support.ts';
import { type SqlLedger, sqlLedger, type SqlLedgerOptions } from './sql-ledger.ts';

const { databases, folder, server } = testDatabases();
const CENT = 10_000_000;
const DAY_MS = 86_400_000;
const DAY = Date.UTC(2026, 2, 4);
const NOON = DAY + DAY_MS / 2;

function spent(id: string, at: number, fields: Partial<CallRecord> = {}): CallRecord {
  return callRecord(id, {
    startedAt: new Date(at).toISOString(),
    status: 'ok',
    costNanoUsd: CENT,
    usage: { inputTokens: 100, outputTokens: 10, cachedInputTokens: 40 },
    ...fields,
  });
}

async function withLedger(options: SqlLedgerOptions, use: (ledger: SqlLedger) => Promise<void>): Promise<void> {
  const ledger = sqlLedger({ journalDir: folder(), onError: () => undefined, ...options });
  try {
    await use(ledger);
  } finally {
    await ledger.close();
  }
}

describe.each(databases)('a ledger in $name', ({ url }) => {
  test('sums what was spent by everything it can be asked for by', async (ctx) => {
    await withLedger({ url: url(ctx) }, async (ledger) => {
      await Promise.all([
        ledger.append(spent('1', NOON, { keyId: 'a', userId: 'u', teamId: 't', tags: ['blue', 'red', 'red'] })),
        ledger.append(spent('2', NOON + 1, { keyId: 'a', teamId: 't', group: 'slow', provider: 'other' })),
        ledger.append(spent('3', NOON + 86_400_000, { keyId: 'b', teamId: 't2', organizationId: 'o', projectId: 'p', endUserId: 'e', tags: ['red'] })),
        ledger.append(spent('4', NOON, { keyId: 'b', teamId: undefined, status: 'error', costNanoUsd: undefined, usage: undefined })),
        ledger.append(spent('5', NOON, { keyId: 'b', teamId: undefined, status: 'cache_hit' })),
      ]);
      await ledger.flush();
      const range = { from: DAY - DAY_MS, to: DAY + 2 * DAY_MS };
      const by = async (part: SpendPart | undefined, more: Partial<CallFilter> = {}) =>
        (await ledger.reports.spendBy({ ...range, by: part ? [part] : [], ...more })).map((row) => [part && row[part], row.calls, row.costNanoUsd / CENT]);
      expect(await by(undefined)).toEqual([[undefined, 5, 3]]);
      expect(await by('key')).toEqual([
        ['a', 2, 2],
        ['b', 3, 1],
      ]);
      expect(await by('team')).toEqual([
        ['t', 2, 2],
        ['t2', 1, 1],
      ]);
      expect(await by('user')).toEqual([['u', 1, 1]]);
      expect(await by('organization')).toEqual([['o', 1, 1]]);
      expect(await by('project')).toEqual([['p', 1, 1]]);
      expect(await by('end_user')).toEqual([['e', 1, 1]]);
      expect(await by('tag')).toEqual([
        ['red', 2, 2],
        ['blue', 1, 1],
      ]);
      expect(await by('model')).toEqual([
        ['fast', 4, 2],
        ['slow', 1, 1],
      ]);
      expect(await by('provider')).toEqual([
        ['demo', 4, 2],
        ['other', 1, 1],
      ]);
      expect(await by('key', { where: { key: ['b'] } })).toEqual([['b', 3, 1]]);
      expect(await by('team', { to: DAY + DAY_MS })).toEqual([['t', 2, 2]]);
      const today = { from: DAY, to: DAY + DAY_MS };
      const [row] = await ledger.reports.spendBy({ ...today, by: ['key', 'day', 'model', 'provider'], where: { key: ['a'], model: ['fast'] } });
      expect(row).toEqual({
        key: 'a',
        day: '2026-03-04',
        model: 'fast',
        provider: 'demo',
        calls: 1,
        failures: 0,
        inputTokens: 100,
        outputTokens: 10,
        cachedInputTokens: 40,
        costNanoUsd: CENT,
      });
      expect((await ledger.reports.spendBy({ ...today, by: [] }))[0]).toMatchObject({ calls: 4, failures: 1 });
    });
  });

  test('finds calls by what they were, and sums up any of them, also where no day tells', async (ctx) => {
    await withLedger({ url: url(ctx) }, async (ledger) => {
      await ledger.append(spent('1', NOON, { keyId: 'a', userId: 'u', teamId: 't', tags: ['blue', 'red', 'red'] }));
      await ledger.append(spent('2', NOON + 1, { keyId: 'a', teamId: 't', group: 'slow', provider: 'other' }));
      await ledger.append(spent('3', NOON + 2, { keyId: 'b', userId: 'u', teamId: 't2', tags: ["it's"] }));
      await ledger.append(spent('4', NOON + DAY_MS, { keyId: 'b', status: 'error', code: 'rate_limited', group: undefined, costNanoUsd: undefined }));
      const range = { from: DAY, to: DAY + 2 * DAY_MS };
      const found = async (more: Partial<CallFilter>, limit = 10, offset = 0) => {
        const { records, total } = await ledger.reports.calls({ ...range, ...more, limit, offset });
        return [records.map(({ id }) => id).join(''), total];
      };
      expect(await found({})).toEqual(['4321', 4]);
      expect(await found({}, 2, 1)).toEqual(['32', 4]);
      expect(await found({ from: NOON + 1, to: NOON + 2 })).toEqual(['2', 1]);
      expect(await found({ where: { key: ['a', 'x'], model: ['slow'] } })).toEqual(['2', 1]);
      expect(await found({ where: { tag: ['red', "it's"] } })).toEqual(['31', 2]);
      expect(await found({ where: { status: ['error'], code: ['rate_limited'], model: [''] } })).toEqual(['4', 1]);
      expect(await found({ where: { id: ['3'] }, within: [{ user: ['u'] }, { team: [] }] })).toEqual(['3', 1]);
      expect(await found({ within: [{ team: ['t2'] }, { key: ['b'], status: ['error'] }] })).toEqual(['43', 2]);
      expect(await found({ within: [] })).toEqual(['', 0]);

      const sums = async (by: readonly SpendPart[], more: Partial<CallFilter> = {}) =>
        (await ledger.reports.spendBy({ ...range, ...more, by })).map((row) => [
          ...by.map((part) => row[part]),
          row.calls,
          row.failures,
          row.costNanoUsd / CENT,
        ]);
      expect(await sums(['team', 'user'])).toEqual([
        ['t', 'u', 1, 0, 1],
        ['t2', 'u', 1, 0, 1],
      ]);
      expect(await sums(['tag'], { where: { user: ['u'] } })).toEqual([
        ['blue', 1, 0, 1],
        ["it's", 1, 0, 1],
        ['red', 1, 0, 1],
      ]);
      expect(await sums(['day', 'code'])).toEqual([['2026-03-05', 'rate_limited', 1, 1, 0]]);
      expect(await sums(['key'], { from: NOON + 1 })).toEqual([
        ['a', 1, 0, 1],
        ['b', 2, 1, 1],
      ]);
      // The same question to the days and to the calls.
      for (const by of [['key'], ['day', 'model', 'provider'], []] as const) expect(await sums(by, { within: [{}, {}] })).toEqual(await sums(by));
      expect(await sums([], { where: { key: ['nobody'] } })).toEqual([[0, 0, 0]]);
      expect(await sums([], { where: { key: ['nobody'] }, from: NOON })).toEqual([[0, 0, 0]]);
      expect(await sums(['model'], { where: { key: ['a'] }, within: [{ key: ['b'] }] })).toEqual([]);
    });
  });

  test('tells what was spent since any moment, to the call', async (ctx) => {
    await withLedger({ url: url(ctx) }, async (ledger) => {
      for (let index = 0; index < 240; index += 1) void ledger.append(spent(`c${index}`, NOON + index * 60_000, { keyId: 'k', tags: ['100%_"x"'] }));
      await ledger.flush();
      for (const minutes of [0, 1, 30, 59, 60, 61, 150]) {
        expect(await ledger.spentSince({ kind: 'key', id: 'k' }, NOON + minutes * 60_000)).toBe((240 - minutes) * CENT);
        expect(await ledger.spentSince({ kind: 'tag', id: '100%_"x"' }, NOON + minutes * 60_000)).toBe((240 - minutes) * CENT);
        for (const [kind, id] of [
          ['key', 'k'],
          ['tag', '100%_"x"'],
        ] as const)
          expect(await ledger.spentSinceEach(kind, [id, 'nobody'], NOON + minutes * 60_000)).toEqual(new Map([[id, (240 - minutes) * CENT]]));
      }
      expect(await ledger.spentSince({ kind: 'gateway', id: '' }, NOON + 90 * 60_000)).toBe(150 * CENT);
      expect(await ledger.spentSince({ kind: 'key', id: 'nobody' }, 0)).toBe(0);
    });
  });

  test('tells it of whatever may have a budget, and in parts for budgets that roll', async (ctx) => {
    await withLedger({ url: url(ctx) }, async (ledger) => {
      const fields = { keyId: 'k', userId: 'u', teamId: 't', organizationId: 'o', projectId: 'p', endUserId: 'e', policy: 'chat', model: 'm', tags: ['x'] };
      for (let index = 0; index < 10; index += 1) void ledger.append(spent(`c${index}`, NOON + index * 1_800_000, fields));
      const owners = {
        key: 'k',
        key_model: 'k:m',
        user: 'u',
        team: 't',
        team_member: 't:u',
        organization: 'o',
        project: 'p',
        end_user: 'e',
        tag: 'x',
        address: 'chat',
        gateway: '',
      } as const;
      for (const [kind, id] of Object.entries(owners) as [keyof typeof owners, string][]) {
        expect([kind, await ledger.spentSince({ kind, id }, NOON + 1)]).toEqual([kind, 9 * CENT]);
        expect([kind, await ledger.spentInParts({ kind, id }, NOON + 1_800_000, 900_000)]).toEqual([
          kind,
          Array.from({ length: 9 }, (_, index) => ({ at: NOON + (index + 1) * 1_800_000, costNanoUsd: CENT })),
        ]);
      }
      expect(await ledger.spentInParts({ kind: 'key', id: 'k' }, NOON + 60_000, 7_200_000)).toEqual([
        { at: NOON + 60_000, costNanoUsd: 4 * CENT },
        { at: NOON + 7_200_000, costNanoUsd: 4 * CENT },
        { at: NOON + 14_400_000, costNanoUsd: 2 * CENT },
      ]);
      expect(await ledger.spentInParts({ kind: 'key', id: 'nobody' }, NOON, 3_600_000)).toEqual([]);
    });
  });

  test('P06: counts a call once, however often and by however many it is written', async (ctx) => {
    const address = { url: url(ctx) };
    await withLedger(address, (one) =>
      withLedger(address, async (other) => {
        for (let round = 0; round < 5; round += 1) {
          for (let index = 0; index < 200; index += 1) void (index % 2 === 0 ? one : other).append(spent(`c${index}`, NOON, { keyId: `k${index % 7}` }));
          await Promise.all([one.flush(), other.flush()]);
        }
        expect(await one.reports.spendBy({ from: DAY, to: DAY + DAY_MS, by: [] })).toMatchObject([{ calls: 200, costNanoUsd: 200 * CENT }]);
      }),
    );
  });

  test('ten processes may start at once on an empty database', async (ctx) => {
    const address = { url: url(ctx) };
    const ledgers = Array.from({ length: 10 }, () => sqlLedger({ ...address, journalDir: folder(), onError: () => undefined }));
    await Promise.all(ledgers.map((ledger, index) => ledger.append(spent(`c${index}`, NOON)).then(() => ledger.flush())));
    expect(await (ledgers[0] as SqlLedger).reports.spendBy({ from: DAY, to: DAY + DAY_MS, by: [] })).toMatchObject([{ calls: 10 }]);
    await Promise.all(ledgers.map((ledger) => ledger.close()));
  });

  test('old calls can go, and their sums stay', async (ctx) => {
    await withLedger({ url: url(ctx) }, async (ledger) => {
      for (const days of [0, 1, 2]) await ledger.append(spent(`d${days}`, NOON + days * 86_400_000, { keyId: 'k' }));
      await ledger.flush();
      expect(await ledger.deleteCalls(NOON + 1.4 * 86_400_000)).toBe(1 + Number(ctx.task.suite?.name.includes('libsql')));
      expect(await ledger.reports.spendBy({ from: DAY, to: DAY + 11 * DAY_MS, by: ['key'] })).toMatchObject([{ calls: 3, costNanoUsd: 3 * CENT }]);
      await ledger.append(spent('late', NOON, { keyId: 'k' }));
      await ledger.flush();
      expect(await ledger.spentSince({ kind: 'key', id: 'k' }, 0)).toBe(4 * CENT);
    });
  });
});

describe('P34: a database that is away', () => {
  test('PostgreSQL stopped and killed under load costs no call, and nothing is lost or doubled', async (ctx) => {
    const [, postgres] = databases;
    const url = postgres?.url(ctx) as string;
    const dir = folder();
    const errors: unknown[] = [];
    await withLedger({ url, journalDir: dir, writeEveryMs: 20, onError: (error) => void errors.push(error) }, async (ledger) => {
      let count = 0;
      const append = async (calls: number) => {
        for (let index = 0; index < calls; index += 1) {
          await ledger.append(spent(`c${(count += 1)}`, NOON, { keyId: 'k' }));
          if (index % 50 === 0) await wait(5);
        }
      };
      await append(300);
      server().process.kill('SIGSTOP');
      await append(300);
      server().process.kill('SIGCONT');
      await append(100);
      await server().restart();
      await append(300);
      await expect.poll(() => ledger.spentSince({ kind: 'key', id: 'k' }, 0).catch(() => 0), { timeout: 15_000, interval: 200 }).toBe(1000 * CENT);
    });
    expect(readdirSync(dir).length).toBeLessThanOrEqual(1);
  }, 60_000);
});
