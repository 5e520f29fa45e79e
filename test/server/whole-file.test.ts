import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { hasPostgres, hasRedis, type PostgresServer, type RedisServer, startPostgres, startRedis } from '@sluice/testing/servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folderWith, type Sluice, sluice } from './support/sluice.ts';

const MASTER = 'sk-a-master-key-for-tests';
const [REPORTS, OTHER] = ['sk-a-key-of-the-reports', 'sk-a-key-that-comes-later'];
const isPossible = hasRedis() && hasPostgres();

let redis: RedisServer;
let postgres: PostgresServer;
let upstream: Server;
let upstreamUrl: string;
let databaseUrl: string;
const folder = folderWith({});
const running: Sluice[] = [];

beforeAll(async () => {
  upstream = createServer((req, res) => {
    const choices = [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }];
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    res.setHeader('content-type', 'application/json');
    req.resume().on('end', () => setTimeout(() => res.end(JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, usage })), 10));
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
  if (!isPossible) return;
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  databaseUrl = postgres.createDatabase('whole');
}, 60_000);

afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  upstream.close().closeAllConnections();
  await Promise.all([redis?.stop(), postgres?.stop()]);
  folder.remove();
});

/** A cent a call: two tokens at half a one. */
function file({ calls, keys = '', teams = '' }: { readonly calls: number; readonly keys?: string; readonly teams?: string }): string {
  return `
model_list:
  - model_name: m
    litellm_params: { model: openai/m, api_key: x, api_base: os.environ/UPSTREAM, input_cost_per_token: 0.005, output_cost_per_token: 0.005 }
general_settings: { master_key: ${MASTER}, salt_key: a salt that is long enough }
store: { store: redis, url: os.environ/REDIS, timeoutMs: 5000 }
database: { url: os.environ/DATABASE, journal_dir: os.environ/JOURNAL }
organizations: [{ organization_id: acme, members: [{ user_id: anna, user_role: org_admin }] }]
teams:
  - { team_id: finance, organization_id: acme, rpm_limit: ${calls}, max_budget: 50, budget_duration: 1mo, budget_time_zone: Europe/Berlin }
${teams}
users: [{ user_id: anna, user_role: internal_user }]
projects: [{ project_id: books, team_id: finance, soft_budget: 40 }]
budgets: [{ budget_id: small, max_budget: 10 }]
tags: [{ name: nightly, budget_id: small }]
access_groups: [{ access_group: cheap, model_names: [m] }]
customers: [{ user_id: c1, budget_id: small }]
keys:
  - { id: reports, key: ${REPORTS}, team_id: finance, project_id: books, access_group_ids: [cheap], tags: [nightly] }
${keys}
`;
}

async function start(name: string): Promise<{ url: string; sluice: Sluice }> {
  const env = { UPSTREAM: upstreamUrl, REDIS: redis.url, DATABASE: databaseUrl, JOURNAL: `${folder.path}/${name}` };
  const started = sluice(['--config', `${folder.path}/gateway.yaml`, '--port', '0'], { env });
  running.push(started);
  return { url: await started.says(/Sluice listens on (\S+)/), sluice: started };
}

async function call(url: string, key: string): Promise<number> {
  const body = JSON.stringify({ model: 'm', max_tokens: 1, user: 'c1', messages: [{ role: 'user', content: 'hi' }] });
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body,
  });
  await answer.text();
  return answer.status;
}

async function manage(url: string, path: string, body?: object): Promise<never> {
  const answer = await fetch(`${url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${MASTER}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as never;
}

const write = (text: string): void => writeFileSync(`${folder.path}/gateway.yaml`, text);

test('a whole file on Redis and PostgreSQL: shared by two processes, written over by the API, changed under load, and whole after a start', {
  timeout: 180_000,
}, async (ctx) => {
  if (!isPossible) return ctx.skip('redis-server and PostgreSQL are not installed');
  write(file({ calls: 3 }));
  const [one, two] = await Promise.all([start('one'), start('two')]);

  // What the file limits is counted in Redis, for both.
  expect([await call(one.url, REPORTS), await call(two.url, REPORTS), await call(one.url, REPORTS), await call(two.url, REPORTS)]).toEqual([
    200, 200, 200, 429,
  ]);
  expect(await manage(two.url, '/key/info?key=reports')).toMatchObject({ info: { team_id: 'finance', project_id: 'books' } });

  // What the API writes over it is in PostgreSQL, for both, and goes before the file.
  await manage(one.url, '/team/update', { team_id: 'finance', rpm_limit: 100_000 });
  await expect.poll(() => call(two.url, REPORTS), { timeout: 10_000 }).toBe(200);

  // Under load the file gets another key and another team; the limit that the API has set stays.
  const load = steadyLoad([one.url, two.url]);
  write(file({ calls: 1, teams: '  - { team_id: sales, rpm_limit: 1, max_budget: 5 }', keys: `  - { id: later, key: ${OTHER}, team_id: sales }` }));
  await Promise.all([one, two].map(({ sluice: each }) => each.says(/taken on its new configuration:\n((?: {2}.*\n)+)/)));
  expect(await call(two.url, OTHER)).toBe(200);
  expect(await call(one.url, OTHER)).toBe(429);
  const { calls, failures } = await load.end();
  expect([failures, calls > 8]).toEqual([[], true]);
  expect(await manage(two.url, '/team/info?team_id=finance')).toMatchObject({ team_info: { rpm_limit: 100_000, max_budget: 50, organization_id: 'acme' } });
  expect(one.sluice.stdout() + two.sluice.stdout()).not.toContain(OTHER);

  // Both ledgers are one, to the cent.
  const spent = (calls + 4) * 0.01;
  await expect
    .poll(async () => (await manage(two.url, '/spend/report?group_by=team')) as { teams: { team_id: string; total_spend: number }[] }, { timeout: 15_000 })
    .toMatchObject({
      teams: [
        { team_id: 'finance', total_spend: expect.closeTo(spent, 6) },
        { team_id: 'sales', total_spend: expect.closeTo(0.01, 6) },
      ],
    });

  // A process that starts later finds all of it: the file, what was written over it, and what was spent.
  await manage(one.url, '/key/delete', { keys: ['later'] });
  one.sluice.child.kill('SIGTERM');
  await one.sluice.ended;
  const three = await start('three');
  expect([await call(three.url, REPORTS), await call(three.url, OTHER)]).toEqual([200, 401]);
  expect(await manage(three.url, '/team/info?team_id=sales')).toMatchObject({ team_info: { spend: expect.closeTo(0.01, 6) } });
  expect(await manage(three.url, '/audit?action=deleted')).toMatchObject({ audit_logs: [{ table_name: 'key', object_id: 'later', changed_by: 'master' }] });
});

/** Callers on each of them, each with one call after the other. */
function steadyLoad(urls: readonly string[]): { end(): Promise<{ readonly calls: number; readonly failures: readonly unknown[] }> } {
  const failures: unknown[] = [];
  let calls = 0;
  let isOver = false;
  async function caller(url: string): Promise<void> {
    while (!isOver) {
      const status = await call(url, REPORTS).catch((error: unknown) => error);
      calls += 1;
      if (status !== 200) failures.push(status);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const callers = [...urls, ...urls].map(caller);
  return {
    async end() {
      isOver = true;
      await Promise.all(callers);
      return { calls, failures };
    },
  };
}
