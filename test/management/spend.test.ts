import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, type Gateway, issueKey, memoryDirectoryStore, type ObjectKind } from '@sluice/core';
import { type AdminClient, adminClient, type AdminError } from '@sluice/core/admin';
import { provider } from '@sluice/provider-demo';
import { sqlLedger } from '@sluice/store-sql';
import { hasPostgres, type PostgresServer, startPostgres } from '@sluice/testing/servers';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';

const MASTER = 'sk-master-of-the-gateway';
const SALT = 'a salt that is long enough';
const folder = mkdtempSync(join(tmpdir(), 'sluice-spend-'));
let postgres: PostgresServer | undefined;

beforeAll(async () => {
  if (hasPostgres()) postgres = await startPostgres();
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const PEOPLE: readonly (readonly [ObjectKind, string, object])[] = [
  ['organization', 'O', { members: [{ user_id: 'lead', user_role: 'org_admin' }] }],
  [
    'team',
    'T',
    {
      team_alias: '=Team, "T"',
      organization_id: 'O',
      max_budget: 5,
      budget_duration: '1d',
      members_with_roles: [
        { user_id: 'head', role: 'admin' },
        { user_id: 'ann', role: 'user' },
      ],
    },
  ],
  ['team', 'U', { members_with_roles: [{ user_id: 'bob', role: 'user' }] }],
  ...['lead', 'head', 'ann', 'bob'].map((id) => ['user', id, { user_role: 'internal_user' }] as const),
  ['user', 'viewer', { user_role: 'proxy_admin_viewer' }],
];
const KEYS = {
  lead: { user_id: 'lead' },
  head: { user_id: 'head' },
  viewer: { user_id: 'viewer' },
  annT: { user_id: 'ann', team_id: 'T' },
  serviceT: { team_id: 'T' },
  bobU: { user_id: 'bob', team_id: 'U' },
};
type KeyName = keyof typeof KEYS;

type Site = { readonly gateway: Gateway; readonly admin: AdminClient; as(name: KeyName): AdminClient; readonly keys: Readonly<Record<KeyName, string>> };

async function openSite(url: string): Promise<Site> {
  const directory = memoryDirectoryStore();
  const issued = Object.entries(KEYS).map(([name, body]) => [name, issueKey(SALT), body] as const);
  await directory.write(
    [...PEOPLE, ...issued.map(([name, { stored }, body]) => ['key', name, { ...stored, ...body, key_alias: `alias of ${name}` }] as const)].map(
      ([kind, id, body]) => ({ kind, id, body: { ...body }, from: 0 }),
    ),
    [],
  );
  const gateway = createGateway({
    masterKey: MASTER,
    saltKey: SALT,
    directory,
    providers: provider.providers,
    models: ['m', 'n'].map((name) => ({
      name,
      deployments: [{ id: `d-${name}`, provider: 'demo', model: 'demo', price: { input: 0, output: 1_000_000_000_000 } }],
    })),
    budget: { providers: { demo: { budgetNanoUsd: 100_000_000_000, budgetWindow: { length: '1d' } } } },
    ledger: sqlLedger({ url, journalDir: join(folder, randomUUID()) }),
    onError: () => undefined,
  });
  const client = (apiKey: string): AdminClient => adminClient({ baseUrl: 'http://sluice', apiKey, fetch: gateway.fetch });
  const keys = Object.fromEntries(issued.map(([name, { key }]) => [name, key])) as Record<KeyName, string>;
  return { gateway, admin: client(MASTER), as: (name) => client(keys[name]), keys };
}

const today = (): string => new Date().toISOString().slice(0, 10);

type Called = { readonly input: number; readonly output: number };

describe.each(['libsql', 'PostgreSQL'])('spend, as told from %s', (kind) => {
  let site: Site;
  let calls: { readonly ann: Called; readonly annOfN: Called; readonly service: Called; readonly bob: Called };

  /** What the answer says that was used. */
  async function chat(key: string, more: object = {}): Promise<Called> {
    const body = JSON.stringify({ model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi there' }], ...more });
    const response = await post(key, body);
    const answer = (await response.json()) as { usage: { prompt_tokens: number; completion_tokens: number } };
    expect([response.status, answer]).toEqual([200, expect.anything()]);
    return { input: answer.usage.prompt_tokens, output: answer.usage.completion_tokens };
  }

  function post(key: string, body: string): Promise<Response> {
    return site.gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers: { authorization: `Bearer ${key}` }, body });
  }

  /** A thousand output tokens are a dollar. */
  const usd = (...of: readonly Called[]): number => of.reduce((sum, { output }) => sum + output, 0) / 1000;
  const tokens = (...of: readonly Called[]): number => of.reduce((sum, { input, output }) => sum + input + output, 0);

  beforeEach(async (ctx) => {
    if (kind === 'PostgreSQL' && !postgres) ctx.skip('PostgreSQL is not installed');
    const name = `t${randomUUID().replaceAll('-', '')}`;
    site = await openSite(kind === 'libsql' ? join(folder, `${name}.db`) : (postgres as PostgresServer).createDatabase(name));
    calls = {
      ann: await chat(site.keys.annT, { user: 'customer-1', metadata: { tags: ['blue', 'red'] } }),
      annOfN: await chat(site.keys.annT, { model: 'n', max_tokens: 7 }),
      service: await chat(site.keys.serviceT, { max_tokens: 5 }),
      bob: await chat(site.keys.bobU, { max_tokens: 3, metadata: { tags: ['red'] } }),
    };
    expect((await post(site.keys.bobU, JSON.stringify({ model: 'absent', messages: [{ role: 'user', content: 'x' }] }))).status).toBe(404);
    await site.gateway.idle();
  });
  afterEach(() => site?.gateway.close());

  test('the report is what was called, by whatever it is asked by', async () => {
    const { admin } = site;
    const { ann, annOfN, service, bob } = calls;
    const team = await admin.spend.report({ start_date: today(), end_date: today(), group_by: 'team' });
    expect(team.total_spend).toBe(usd(ann, annOfN, service, bob));
    expect(team.teams).toMatchObject([
      { team_id: 'T', team_name: '=Team, "T"', total_spend: usd(ann, annOfN, service), budget_limit: 5, budget_spend: usd(ann, annOfN, service), requests: 3 },
      { team_id: 'U', team_name: 'U', total_spend: usd(bob), requests: 2 },
    ]);
    expect(team.teams?.[1]).not.toHaveProperty('budget_limit');
    const sums = async (group_by: 'user' | 'key' | 'model' | 'tag' | 'customer') => {
      const { total_spend: _, ...lists } = await admin.spend.report({ group_by });
      return Object.fromEntries(Object.values(lists).flatMap((rows) => (rows ?? []).map((row) => [row.id, row.total_spend])));
    };
    expect(await sums('user')).toEqual({ ann: usd(ann, annOfN), bob: usd(bob) });
    expect(await sums('key')).toEqual({ annT: usd(ann, annOfN), serviceT: usd(service), bobU: usd(bob) });
    expect(await sums('model')).toEqual({ m: usd(ann, service, bob), n: usd(annOfN), '': 0 });
    expect(await sums('tag')).toEqual({ red: usd(ann, bob), blue: usd(ann) });
    expect(await sums('customer')).toEqual({ 'customer-1': usd(ann) });
  });

  test('dates are days in UTC or moments, count whole, and are refused where they are none', async () => {
    const { admin } = site;
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    expect((await admin.spend.report({ end_date: yesterday })).total_spend).toBe(0);
    const naive = (ms: number): string => new Date(ms).toISOString().slice(0, -1);
    const asked = { start_date: naive(Date.now() - 7 * 86_400_000), end_date: `${naive(Date.now() + 1000)}123` };
    expect((await admin.spend.report(asked)).total_spend).toBe(usd(...Object.values(calls)));
    expect((await admin.spend.report({ ...asked, end_date: naive(Date.now() - 3_600_000) })).total_spend).toBe(0);
    for (const start_date of ['yesterday', '2026-02-30', '31.01.2026', '2026-01-31T25:00'])
      await expect(admin.spend.report({ start_date })).rejects.toMatchObject({ status: 400, code: 'invalid_request', param: 'start_date' });
    await expect(admin.spend.report({ start_date: today(), end_date: yesterday })).rejects.toMatchObject({ status: 400, param: 'start_date' });
  });

  test('logs are the calls, by pages and by what they were', async () => {
    const { admin } = site;
    const { data, ...facts } = await admin.spend.logs_v2({ page_size: 2, page: 2 });
    expect(facts).toEqual({ total: 5, page: 2, page_size: 2, total_pages: 3 });
    expect(data.map(({ api_key }) => api_key)).toEqual(['serviceT', 'annT']);
    const facets = { user: 'ann', team_id: 'T', organization_id: 'O', custom_llm_provider: 'demo', status: 'success' };
    expect(data[1]).toMatchObject({ ...facets, model: 'n', spend: usd(calls.annOfN), total_tokens: tokens(calls.annOfN) });
    const ids = async (asked: object) => (await admin.spend.logs(asked)).map((row) => 'api_key' in row && row.api_key);
    expect(await ids({ status: 'failure' })).toEqual(['bobU']);
    expect(await ids({ api_key: site.keys.annT })).toEqual(['annT', 'annT']);
    expect(await ids({ end_user: 'customer-1', team_id: 'T', user_id: 'ann', model: 'm', tag: 'blue' })).toEqual(['annT']);
    expect(await ids({ request_id: data[0]?.request_id })).toEqual(['serviceT']);
    expect(await admin.spend.logs({ summarize: true })).toEqual([
      {
        startTime: today(),
        spend: usd(...Object.values(calls)),
        users: { ann: usd(calls.ann, calls.annOfN), bob: usd(calls.bob) },
        models: { m: usd(calls.ann, calls.service, calls.bob), n: usd(calls.annOfN), '': 0 },
      },
    ]);
  });

  test('tables come as CSV, and hold no formulas', async () => {
    const lines = (await site.admin.spend.report({ group_by: 'team', format: 'csv' })).split('\r\n');
    expect(lines[0]).toMatch(/^team_id,team_name,total_spend,budget_limit,/);
    expect(lines[1]?.startsWith(`T,"'=Team, ""T""",${usd(calls.ann, calls.annOfN, calls.service)},5,`)).toBe(true);
    const response = await site.gateway.fetch('http://sluice/spend/logs', { headers: { authorization: `Bearer ${MASTER}`, accept: 'text/csv' } });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const logs = (await response.text()).trimEnd().split('\r\n');
    expect(logs).toHaveLength(6);
    expect(logs.at(-1)?.endsWith(`,${usd(calls.ann)}`)).toBe(true);
  });

  test('the whole gateway is told of under LiteLLM’s names', async () => {
    const { admin } = site;
    const { ann, annOfN, service, bob } = calls;
    const all = usd(ann, annOfN, service, bob);
    expect(await admin.global.spend()).toEqual({ spend: all });
    expect(await admin.global.logs()).toEqual([{ date: today(), spend: all }]);
    expect(await admin.global.keys({ limit: 1 })).toEqual([
      { api_key: 'annT', key_alias: 'alias of annT', key_name: expect.any(String), total_spend: usd(ann, annOfN) },
    ]);
    expect(await admin.global.provider()).toMatchObject([
      { provider: 'demo', spend: all },
      { provider: '', spend: 0 },
    ]);
    expect(await admin.global.tags({ tags: 'blue' })).toEqual({ spend_per_tag: [{ name: 'blue', spend: usd(ann), log_count: 1 }] });
    expect(await admin.global.end_users({})).toEqual([{ end_user: 'customer-1', total_count: 1, total_spend: usd(ann) }]);
    expect((await admin.global.teams()).daily_spend).toEqual([{ date: today(), T: usd(ann, annOfN, service), U: usd(bob) }]);
    const activity = { api_requests: 5, total_tokens: tokens(ann, annOfN, service, bob) };
    expect(await admin.global.activity()).toMatchObject({ daily_data: [{ date: today(), ...activity }], sum_total_tokens: activity.total_tokens });
    expect(await admin.global.activity_exceptions()).toMatchObject({ sum_num_exceptions: 1, daily_data: [{ codes: { model_not_found: 1 } }] });
    const [day] = await admin.global.report({ group_by: 'team', team_id: 'T' });
    expect(day).toMatchObject({ group_by_day: today(), teams: [{ team_name: '=Team, "T"', total_spend: usd(ann, annOfN, service) }] });
    const ofKey = { api_key: 'annT', total_cost: usd(ann, annOfN), total_output_tokens: ann.output + annOfN.output };
    expect(await admin.global.report({ group_by: 'api_key', api_key: 'annT' })).toMatchObject([ofKey]);
    expect(await admin.provider.budgets()).toMatchObject({ providers: { demo: { budget_limit: 100, time_period: '1d', spend: all } } });
    await expect(admin.global.reset()).rejects.toMatchObject({ code: 'unsupported_operation' });
  });

  test('activity is told day by day, with what it was for', async () => {
    const { ann, annOfN, service } = calls;
    const { results, metadata } = await site.admin.team.daily_activity({ team_ids: ['T'] });
    expect(metadata).toMatchObject({
      total_spend: usd(ann, annOfN, service),
      total_api_requests: 3,
      total_failed_requests: 0,
      total_pages: 1,
      has_more: false,
    });
    expect(results).toMatchObject([
      {
        date: today(),
        metrics: { total_tokens: tokens(ann, annOfN, service), successful_requests: 3 },
        breakdown: {
          models: { n: { metrics: { spend: usd(annOfN) } } },
          api_keys: { serviceT: { metrics: { spend: usd(service) }, metadata: { key_alias: 'alias of serviceT' } } },
          entities: { T: { metrics: { api_requests: 3 }, metadata: { team_alias: '=Team, "T"' } } },
        },
      },
    ]);
    expect((await site.admin.tag.daily_activity({ tags: ['blue'] })).metadata).toMatchObject({ total_spend: usd(ann), total_api_requests: 1 });
    expect((await site.as('annT').user.daily_activity()).metadata).toMatchObject({ total_spend: usd(ann, annOfN) });
  });

  test('everybody sees their own, and nothing of what is not theirs', async () => {
    const { ann, annOfN, service, bob } = calls;
    const seen = async (name: KeyName): Promise<number> => (await site.as(name).spend.report({ group_by: 'key' })).total_spend;
    expect(await seen('viewer')).toBe(usd(ann, annOfN, service, bob));
    expect([await seen('lead'), await seen('head')]).toEqual([usd(ann, annOfN, service), usd(ann, annOfN, service)]);
    expect([await seen('annT'), await seen('serviceT'), await seen('bobU')]).toEqual([usd(ann, annOfN), usd(service), usd(bob)]);
    // A team that one is a member of, and does not administer, is there, and of it one's own calls.
    expect((await site.as('annT').spend.report({ team_id: 'T' })).total_spend).toBe(usd(ann, annOfN));
    expect(await site.as('lead').spend.tags()).toContainEqual({ individual_request_tag: 'red', log_count: 1, total_spend: usd(ann) });
    expect((await site.as('bobU').spend.logs()).map((row) => 'api_key' in row && row.api_key)).toEqual(['bobU', 'bobU']);
    for (const name of ['lead', 'head', 'annT', 'serviceT'] as const) {
      const refused = (asked: object) =>
        site
          .as(name)
          .spend.logs(asked)
          .then(String, (error: unknown) => error as AdminError) as Promise<AdminError>;
      for (const [field, foreign] of Object.entries({ team_id: 'U', user_id: 'bob', api_key: 'bobU' })) {
        const [there, absent] = [await refused({ [field]: foreign }), await refused({ [field]: 'absent' })];
        expect([there.status, there.code, there.param]).toEqual([404, 'object_not_found', field]);
        expect(there.message).toBe(absent.message.replace("'absent'", `'${foreign}'`));
      }
      await expect(site.as(name).global.spend()).rejects.toMatchObject({ status: 403 });
    }
  });

  test('what is shown of somebody says what was spent of the budget, and when it begins anew', async () => {
    const tomorrow = new Date((Math.floor(Date.now() / 86_400_000) + 1) * 86_400_000).toISOString();
    const spent = usd(calls.ann, calls.annOfN, calls.service);
    // Counters are not kept waiting by the ledger; a report is told everything.
    await site.admin.global.spend();
    expect((await site.admin.team.info({ team_id: 'T' })).team_info).toMatchObject({ spend: spent, budget_reset_at: tomorrow });
    const shown = (await site.admin.team.list()).map(({ team_id, spend, budget_reset_at }) => [team_id, spend, budget_reset_at]);
    expect(shown.sort()).toEqual([
      ['T', spent, tomorrow],
      ['U', usd(calls.bob), undefined],
    ]);
    const { users } = await site.admin.user.list({ user_ids: ['ann'] });
    expect(users).toMatchObject([{ user_id: 'ann', spend: usd(calls.ann, calls.annOfN) }]);
  });

  test('a cost can be asked for before, and after', async () => {
    const answer = { model: 'm', usage: { prompt_tokens: 3, completion_tokens: 1500 } };
    expect(await site.admin.spend.calculate({ completion_response: answer })).toEqual({ cost: 1.5 });
    await expect(site.admin.spend.calculate({ model: 'absent', messages: [] })).rejects.toMatchObject({ code: 'model_not_found' });
  });
});

test('without a ledger the routes say what is missing', async () => {
  const gateway = createGateway({ masterKey: MASTER, directory: memoryDirectoryStore(), models: [] });
  const admin = adminClient({ baseUrl: 'http://sluice', apiKey: MASTER, fetch: gateway.fetch });
  for (const ask of [
    () => admin.spend.report(),
    () => admin.spend.logs(),
    () => admin.global.spend(),
    () => admin.team.daily_activity(),
    () => admin.provider.budgets(),
  ])
    await expect(ask()).rejects.toMatchObject({ status: 501, code: 'ledger_missing' });
  await gateway.close();
});
