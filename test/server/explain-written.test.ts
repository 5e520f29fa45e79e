import { existsSync } from 'node:fs';
import { readConfig } from '@sluice/config';
import { createGateway } from '@sluice/core';
import { adminClient } from '@sluice/core/admin';
import { sqlDirectoryStore } from '@sluice/store-sql';
import { afterAll, expect, test } from 'vitest';
import { folderWith, sluice } from './support/sluice.ts';

const MASTER = 'sk-a-master-key-for-tests';
const folder = folderWith({
  'gateway.yaml': `general_settings: { master_key: ${MASTER} }
database: { url: DATABASE, journal_dir: JOURNAL }
teams:
  - { team_id: finance, max_budget: 500, models: [a, b], rpm_limit: 3 }
  - { team_id: sales, max_budget: 200 }
keys: [{ id: reports, key: sk-a-key-of-the-reports, team_id: finance }]
`
    .replace('DATABASE', 'os.environ/DATABASE')
    .replace('JOURNAL', 'os.environ/JOURNAL'),
});
const env = { DATABASE: `${folder.path}/kept.db`, JOURNAL: `${folder.path}/journal` };
afterAll(() => folder.remove());

async function values(): Promise<string[]> {
  const { code, stdout } = await sluice(['check', '--explain', `${folder.path}/gateway.yaml`], { env }).ended;
  expect(code).toBe(0);
  return stdout
    .slice(stdout.indexOf('Values'))
    .replaceAll(`${folder.path}/gateway.yaml`, 'FILE')
    .replaceAll(/at \d{4}-[^,)]+/g, 'at TIME')
    .split('\n')
    .map((line) => line.trim());
}

test('what the API has written is told with who wrote it, and over what; and a check makes no database', { timeout: 90_000 }, async () => {
  expect(await values()).toContain('teams[0].max_budget = 500  (FILE:4)');
  expect(existsSync(env.DATABASE)).toBe(false);

  const { options } = readConfig(`${folder.path}/gateway.yaml`, { env, stores: 'none' });
  const gateway = createGateway({ ...options, models: [], directory: sqlDirectoryStore({ url: env.DATABASE }) });
  const admin = adminClient({ baseUrl: 'http://sluice', apiKey: MASTER, fetch: gateway.fetch });
  await admin.team.update({ team_id: 'finance', max_budget: 700, models: ['a'], rpm_limit: null, tpm_limit: 9 });
  await admin.team.delete({ team_ids: ['sales'] });
  await admin.key.block({ key: 'reports' });
  await admin.key.generate({ team_id: 'finance' });
  await gateway.close();

  const said = await values();
  expect(said).toEqual(
    expect.arrayContaining([
      'teams[0].team_id = "finance"  (FILE:4)',
      'teams[0].max_budget = 700  (API, by master at TIME, over 500 in FILE:4)',
      'teams[0].models = ["a"]  (API, by master at TIME, over ["a","b"] in FILE:4)',
      'teams[0].rpm_limit = nothing  (API, by master at TIME, over 3 in FILE:4)',
      'teams[0].tpm_limit = 9  (API, by master at TIME)',
      'teams[1] = deleted  (API)',
      'keys[0].blocked = true  (API, by master at TIME)',
      '1 × key that no file declares  (API)',
    ]),
  );
  expect(said.filter((line) => line.startsWith('teams[1].'))).toEqual([]);
  expect(said.join('\n')).not.toMatch(/sk-a-key|hashes/);
});
