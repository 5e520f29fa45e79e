import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, type Gateway } from '@sluice/core';
import { provider } from '@sluice/provider-demo';
import { sqlLedger } from '@sluice/store-sql';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MASTER = 'sk-master-of-the-gateway';
const KEY = 'sk-of-the-reports-only';
const folder = mkdtempSync(join(tmpdir(), 'sluice-spend-'));
let gateway: Gateway;

beforeAll(() => {
  gateway = createGateway({
    masterKey: MASTER,
    keys: [
      { id: 'reports', key: KEY, teamId: 'finance' },
      { id: 'others', key: 'sk-of-all-the-others' },
    ],
    providers: provider.providers,
    models: [{ name: 'm', deployments: [{ id: 'm', provider: 'demo', model: 'm', price: { input: 1_000_000, output: 1_000_000 } }] }],
    ledger: sqlLedger({ url: join(folder, 'ledger.db'), journalDir: join(folder, 'journal') }),
  });
});
afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

async function get(key: string, path: string): Promise<{ status: number; body: never }> {
  const response = await gateway.fetch(`http://sluice${path}`, { headers: { authorization: `Bearer ${key}` } });
  return { status: response.status, body: (await response.json()) as never };
}

test('what was spent is told without a directory: all to the administrator, their own to keys that are declared', async () => {
  for (const key of [KEY, 'sk-of-all-the-others'])
    await gateway.fetch('http://sluice/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }),
    });
  expect(await get(MASTER, '/spend/report?group_by=team')).toMatchObject({ status: 200, body: { teams: [{ team_id: 'finance' }] } });
  expect((await get(MASTER, '/spend/logs')).body).toHaveLength(2);
  expect((await get(KEY, '/spend/logs')).body).toMatchObject([{ api_key: 'reports' }]);
  expect(await get(MASTER, '/global/activity')).toMatchObject({ status: 200, body: { sum_api_requests: 2 } });
  expect(await get(KEY, '/global/spend')).toMatchObject({ status: 403 });
  expect(await get(MASTER, '/key/list')).toMatchObject({ status: 501, body: { error: { code: 'directory_missing' } } });
});
