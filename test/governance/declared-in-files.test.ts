import { ConfigurationError, createGateway, type Gateway, type GatewayOptions, memoryDirectoryStore } from '@sluice/core';
import { readConfig } from '@sluice/config';
import { provider } from '@sluice/provider-demo';
import { afterEach, describe, expect, it } from 'vitest';
import { folderWith } from '../server/support/sluice.ts';

const KEY = 'sk-a-key-of-finance';
const MASTER = 'sk-a-master-key-for-tests';
const gateways: Gateway[] = [];
const folders: (() => void)[] = [];

afterEach(async () => {
  for (const remove of folders.splice(0)) remove();
  for (const gateway of gateways.splice(0)) await gateway.close();
});

const MODELS = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: demo/a, mock_response: yes it is } }
  - { model_name: gpt-4o-mini, litellm_params: { model: demo/b, mock_response: yes it is } }
general_settings: { master_key: ${MASTER}, unpriced: allow }
keys: [{ id: reports, key: ${KEY}, team_id: finance-team }]
`;
const TEAMS = `
teams:
  - { team_id: finance-team, models: [gpt-4o], max_budget: 500.0, rate_limit: 3 }
  - { team_id: processing-team, models: [gpt-4o-mini], max_budget: 200.0, rate_limit: 500 }
`;
const DEMO = {
  'node_modules/@sluice/provider-demo/index.js': "exports.provider = { providers: globalThis[Symbol.for('sluice.test.demo')].providers, discover: () => [] };",
};

// As `require` finds it: the package itself is TypeScript here.
Object.assign(globalThis, { [Symbol.for('sluice.test.demo')]: provider });

function load(text: string): GatewayOptions {
  const { path, remove } = folderWith({ 'sluice.config.yaml': text, 'package.json': '{}', ...DEMO });
  folders.push(remove);
  return readConfig(`${path}/sluice.config.yaml`, { env: {} }).options;
}

function mistakes(text: string): string[] {
  try {
    load(text);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map(({ place, message, suggestion = '' }) => `${place.replace(/^.*?yaml:/, '')}: ${message} ${suggestion}`.trimEnd());
  }
  return [];
}

function open(text: string, more: Partial<GatewayOptions> = {}): Gateway {
  const gateway = createGateway({ ...load(text), ...more });
  gateways.push(gateway);
  return gateway;
}

async function status(gateway: Gateway, model: string): Promise<number> {
  const answer = await gateway.fetch('http://sluice/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: JSON.stringify({ model, max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] }),
  });
  return answer.status;
}

function manage(gateway: Gateway, path: string, body?: object): Promise<Response> {
  return gateway.fetch(`http://sluice${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${MASTER}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

describe('teams in a file', () => {
  it('bound the keys that name them: by their models, and by their calls a minute', async () => {
    const gateway = open(MODELS + TEAMS);
    expect(await status(gateway, 'gpt-4o-mini')).toBe(403);
    for (let call = 0; call < 3; call += 1) expect(await status(gateway, 'gpt-4o')).toBe(200);
    expect(await status(gateway, 'gpt-4o')).toBe(429);
  });

  it('are in the directory, with what the API has written over them', async () => {
    expect(load(MODELS + TEAMS).declared).toMatchObject([
      { kind: 'key', id: 'reports' },
      { kind: 'team', id: 'finance-team', body: { models: ['gpt-4o'], max_budget: 500, rpm_limit: 3 } },
      { kind: 'team', id: 'processing-team' },
    ]);
    const gateway = open(MODELS + TEAMS);
    expect(await (await manage(gateway, '/team/info?team_id=finance-team')).json()).toMatchObject({ team_info: { max_budget: 500 } });
    const refused = await manage(gateway, '/team/update', { team_id: 'finance-team', max_budget: 1 });
    expect([refused.status, await refused.text()]).toEqual([501, expect.stringContaining('give it a database')]);
  });

  it('are changed by the API where there is a database', async () => {
    const gateway = open(MODELS + TEAMS, { directory: memoryDirectoryStore() });
    expect((await manage(gateway, '/team/update', { team_id: 'finance-team', models: ['gpt-4o-mini'] })).status).toBe(200);
    expect(await status(gateway, 'gpt-4o')).toBe(403);
    for (let call = 0; call < 3; call += 1) expect(await status(gateway, 'gpt-4o-mini')).toBe(200);
    expect(await status(gateway, 'gpt-4o-mini')).toBe(429);
  });

  it('and others are checked: names that come twice, budgets that are not there, lengths that are none', () => {
    expect(
      mistakes(`
general_settings: { master_key: ${MASTER} }
budgets: [{ budget_id: small, max_budget: 1 }]
teams: [{ team_id: a, budget_id: smal }, { team_id: a, max_budgt: 2 }]
customers: [{ user_id: c, budget_duration: fortnight }]
projects: [{ project_id: p, team_id: b, access_group_ids: [none], guardrails: [strict] }]
keys: [{ id: master, key: x, team_id: c }, { id: k, key: x, temp_budget_increase: 1, budget_time_zone: Middle/Earth, degrade: { at: 2, to: { a: b } } }]
`),
    ).toEqual([
      "4:34 teams[0].budget_id: no budget is named 'smal'. Did you mean 'small'?",
      "4:53 teams[1].team_id: 'a' is declared already",
      "4:56 teams[1].max_budgt: unknown key. Did you mean 'max_budget'?",
      '5:44 customers[0].budget_duration: expected a length such as 30s, 5m, 2h, 1d, 1w or 1mo',
      "6:38 projects[0].team_id: no team is named 'b'. Did you mean 'a'?",
      "6:59 projects[0].access_group_ids: no access group is named 'none'",
      "6:79 projects[0].guardrails: no guardrail is named 'strict'",
      "7:14 keys[0].id: 'master' is a name the gateway uses itself",
      "7:39 keys[0].team_id: no team is named 'c'. Did you mean 'a'?",
      '7:58 keys[1].key: is the same as that of another key, or the master key',
      '7:83 keys[1].temp_budget_increase: a budget is raised by an amount and until a date: temp_budget_increase and temp_budget_expiry go together',
      "7:104 keys[1].budget_time_zone: 'Middle/Earth' is no time zone such as Europe/Berlin",
      '7:133 keys[1].degrade.at: too big: expected number to be <=1',
    ]);
  });
});

describe('keys in a file', () => {
  const overlaid = `${MODELS}${TEAMS}`;

  it('are listed and told like all others, with everybody who answers for them', async () => {
    const gateway = open(overlaid);
    expect(await (await manage(gateway, '/key/list?return_full_object=true')).json()).toMatchObject({ keys: [{ token: 'reports', team_id: 'finance-team' }] });
    expect(await (await manage(gateway, `/key/info?key=${KEY}`)).json()).toMatchObject({ key: 'reports', info: { token: 'reports', key_name: 'sk-...ance' } });
    expect(await (await manage(gateway, '/team/info?team_id=finance-team')).json()).toMatchObject({ keys: [{ token: 'reports' }] });
    expect(JSON.stringify(await (await manage(gateway, '/key/list?return_full_object=true')).json())).not.toContain(KEY);
  });

  it('are written over field by field, blocked, deleted and kept so over a start, but never given another secret', async () => {
    const store = memoryDirectoryStore();
    const gateway = open(overlaid, { directory: store });
    expect((await manage(gateway, '/key/update', { key: 'reports', rpm_limit: 1 })).status).toBe(200);
    expect([await status(gateway, 'gpt-4o'), await status(gateway, 'gpt-4o')]).toEqual([200, 429]);
    const renewed = await manage(gateway, '/key/reports/regenerate', {});
    expect([renewed.status, await renewed.text()]).toEqual([403, expect.stringContaining('stands where the gateway is configured')]);
    const next = open(overlaid.replace('team_id: finance-team }]', 'team_id: finance-team, models: [gpt-4o-mini] }]'), { directory: store });
    expect(await (await manage(next, '/key/info?key=reports')).json()).toMatchObject({ info: { rpm_limit: 1, models: ['gpt-4o-mini'] } });
    await manage(next, '/key/block', { key: 'reports' });
    expect(await status(next, 'gpt-4o')).toBe(403);
    await manage(next, '/key/delete', { keys: ['reports'] });
    expect([await status(next, 'gpt-4o'), await status(open(overlaid, { directory: store }), 'gpt-4o')]).toEqual([401, 401]);
  });
});

const PRICED = `
model_list:
  - { model_name: dear, litellm_params: { model: demo/a, mock_response: yes it is, input_cost_per_token: 1, output_cost_per_token: 1 } }
  - { model_name: cheap, litellm_params: { model: demo/b, mock_response: yes it is, input_cost_per_token: 1.0e-7, output_cost_per_token: 1.0e-7 } }
general_settings: { master_key: ${MASTER} }
`;
const FUTURE = '2035-01-01T00:00:00Z';

type Asked = { status: number; shadow: string | null; instead: string | null };

async function ask(gateway: Gateway, key: string, model: string): Promise<Asked> {
  const body = JSON.stringify({ model, max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] });
  const answer = await gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers: { authorization: `Bearer ${key}` }, body });
  await answer.text();
  return { status: answer.status, shadow: answer.headers.get('x-sluice-shadow'), instead: answer.headers.get('x-sluice-degraded-from') };
}

/** What a key may use, and what its calls of these models are answered with. */
const CASES: readonly (readonly [what: string, fields: object, calls: readonly (readonly [model: string, answer: Partial<Asked>])[]])[] = [
  [
    'calls a minute',
    { rpm_limit: 1 },
    [
      ['cheap', { status: 200 }],
      ['cheap', { status: 429 }],
    ],
  ],
  ['tokens a minute', { tpm_limit: 1 }, [['cheap', { status: 429 }]]],
  [
    'money a minute',
    { max_cost_per_minute: 0.001 },
    [
      ['cheap', { status: 200 }],
      ['dear', { status: 429 }],
    ],
  ],
  ['parallel calls', { max_parallel_requests: 0 }, [['cheap', { status: 429 }]]],
  [
    'a budget',
    { max_budget: 0.001, budget_duration: '1d' },
    [
      ['cheap', { status: 200 }],
      ['dear', { status: 402 }],
    ],
  ],
  ['a budget that is raised for a while', { max_budget: 0.001, temp_budget_increase: 1000, temp_budget_expiry: FUTURE }, [['dear', { status: 200 }]]],
  ['a budget that was', { max_budget: 0.001, temp_budget_increase: 1000, temp_budget_expiry: '2020-01-01T00:00:00Z' }, [['dear', { status: 402 }]]],
  ['a soft budget', { soft_budget: 0.001, budget_duration: '1mo' }, [['dear', { status: 200 }]]],
  ['a shadow', { max_budget: 0.001, rpm_limit: 0, shadow: true }, [['dear', { status: 200, shadow: expect.any(String) as never }]]],
  ['a cheaper model', { max_budget: 0.001, degrade: { at: 0.8, to: { dear: 'cheap' } } }, [['dear', { status: 200, instead: 'dear' }]]],
  [
    'limits of single models',
    { model_rpm_limit: { dear: 0 } },
    [
      ['cheap', { status: 200 }],
      ['dear', { status: 429 }],
    ],
  ],
  [
    'tokens of single models',
    { model_tpm_limit: { dear: 1 } },
    [
      ['cheap', { status: 200 }],
      ['dear', { status: 429 }],
    ],
  ],
  [
    'budgets of single models',
    { model_max_budget: { dear: { budget_limit: 1, time_period: '1d' } } },
    [
      ['cheap', { status: 200 }],
      ['dear', { status: 402 }],
    ],
  ],
  ['names of its own', { aliases: { mine: 'cheap' } }, [['mine', { status: 200 }]]],
  ['routes', { allowed_routes: ['/embeddings'] }, [['cheap', { status: 403 }]]],
  ['fields that have to be there', { enforced_params: ['user'] }, [['cheap', { status: 400 }]]],
];

describe.each(CASES)('%s of a key', (_, fields, calls) => {
  async function expectAsSaid(gateway: Gateway, key: string): Promise<void> {
    for (const [model, answer] of calls) expect(await ask(gateway, key, model)).toMatchObject(answer);
  }

  it('hold from a file', () => expectAsSaid(open(`${PRICED}keys: [${JSON.stringify({ id: 'k', key: KEY, ...fields })}]`), KEY));

  it('hold by the API', async () => {
    const gateway = open(PRICED, { directory: memoryDirectoryStore() });
    const { key } = (await (await manage(gateway, '/key/generate', fields)).json()) as { key: string };
    await expectAsSaid(gateway, key);
  });
});

describe('of whomever a key belongs to', () => {
  const people = `
teams: [{ team_id: t, max_cost_per_minute: 0.001, members_with_roles: [{ user_id: u }], team_member_rpm_limit: 2 }]
users: [{ user_id: u }, { user_id: own, max_budget: 0.001, degrade: { at: 0.5, to: { dear: cheap } } }]
organizations: [{ organization_id: o, shadow: true, rpm_limit: 0 }]
projects: [{ project_id: p, team_id: t, rpm_limit: 1 }]
access_groups: [{ access_group: few, model_names: [cheap] }]
budgets: [{ budget_id: b, max_budget: 0.001, budget_duration: 1w, budget_time_zone: Asia/Tokyo }]
tags: [{ name: g, budget_id: b }]
`;
  const keyed = (fields: object): Gateway => open(`${PRICED}${people}keys: [${JSON.stringify({ id: 'k', key: KEY, ...fields })}]`);

  it.each([
    ['a team', { team_id: 't' }, 'dear', { status: 429 }],
    ['a user', { user_id: 'own' }, 'dear', { status: 200, instead: 'dear' }],
    ['an organization in the shadow', { organization_id: 'o' }, 'cheap', { status: 200, shadow: expect.any(String) }],
    ['an access group', { access_group_ids: ['few'] }, 'dear', { status: 403 }],
    ['a shared budget', { budget_id: 'b' }, 'dear', { status: 402 }],
    ['a tag with one', { tags: ['g'] }, 'dear', { status: 402 }],
  ])('%s bounds it', async (_, fields, model, answer) => {
    expect(await ask(keyed(fields), KEY, model)).toMatchObject(answer);
  });

  it('a project and a member bound it', async () => {
    const gateway = keyed({ project_id: 'p', team_id: 't', user_id: 'u' });
    expect([(await ask(gateway, KEY, 'cheap')).status, (await ask(gateway, KEY, 'cheap')).status]).toEqual([200, 429]);
    const other = keyed({ team_id: 't', user_id: 'u' });
    for (const expected of [200, 200, 429]) expect((await ask(other, KEY, 'cheap')).status).toBe(expected);
  });

  it.each([
    [{ max_budget: 1, budget_duration: '1d', budget_time_zone: 'Asia/Tokyo' }, /T15:00:00.000Z$/],
    [{ max_budget: 1, budget_duration: '1d' }, /T00:00:00.000Z$/],
    [{ budget_id: 'b' }, /T15:00:00.000Z$/],
    [{ max_budget: 1, budget_duration: '1d', budget_alignment: 'rolling' }, /^undefined$/],
  ])('%o begins anew by its own calendar', async (fields, moment) => {
    const { info } = (await (await manage(keyed(fields), '/key/info?key=k')).json()) as { info: { budget_reset_at?: string } };
    expect(String(info.budget_reset_at)).toMatch(moment);
  });
});

describe('LiteLLM’s own settings for people', () => {
  it('say what tags may spend, who is blocked, what a user may spend a minute and who goes first', async () => {
    const settings = `
litellm_settings:
  tag_budget_config: { nightly: { max_budget: 0.001, budget_duration: 1d } }
  blocked_user_list: [mallory]
  priority_reservation: { prod: 0.8, dev: 0.1 }
  priority_reservation_settings: { default_priority: 0.05, saturation_threshold: 0.9 }
customers: [{ user_id: c }]
keys: [{ id: k, key: ${KEY}, tags: [nightly] }, { id: l, key: sk-of-another-one, user_id: thrifty }]
`;
    const text = `${PRICED.replace('general_settings: {', 'general_settings: { user_rate_limit: { thrifty: { rpm: 5, max_cost_per_minute: 0.001 } },')}${settings}`;
    const gateway = open(text);
    expect(await ask(gateway, KEY, 'dear')).toMatchObject({ status: 402 });
    expect(await ask(gateway, 'sk-of-another-one', 'dear')).toMatchObject({ status: 429 });
    expect(await ask(gateway, 'sk-of-another-one', 'cheap')).toMatchObject({ status: 200 });
    const blocked = await gateway.fetch('http://sluice/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${MASTER}` },
      body: JSON.stringify({ model: 'cheap', user: 'mallory', messages: [{ role: 'user', content: 'hi' }] }),
    });
    expect(blocked.status).toBe(403);
    expect(load(text).limits).toEqual({ priority: { shares: { prod: 0.8, dev: 0.1 }, defaultShare: 0.05, saturation: 0.9 } });
  });

  it('name credentials once for several models, by a name that has to be there', () => {
    const models = (name: string): string => `
credential_list:
  - { credential_name: shared, credential_values: { api_key: sk-of-the-provider, api_base: "http://127.0.0.1:1/v1" } }
model_list:
  - { model_name: a, litellm_params: { model: demo/a, litellm_credential_name: shared } }
  - { model_name: b, litellm_params: { model: demo/b, litellm_credential_name: ${name}, api_base: "http://127.0.0.1:2/v1" } }
general_settings: { master_key: ${MASTER} }
`;
    const deployments = (load(models('shared')).models ?? []).flatMap((group) => group.deployments);
    expect(deployments.map(({ baseUrl, apiKey }) => [baseUrl, apiKey?.reveal()])).toEqual([
      ['http://127.0.0.1:1/v1', 'sk-of-the-provider'],
      ['http://127.0.0.1:2/v1', 'sk-of-the-provider'],
    ]);
    expect(mistakes(models('shred'))).toEqual([
      "6:80 model_list[1].litellm_params.litellm_credential_name: no credentials are named 'shred'; there is no such entry in credential_list. Did you mean 'shared'?",
    ]);
  });
});
