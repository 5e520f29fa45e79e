import { ConfigurationError, createGateway, declaredDirectory, type Gateway, type GatewayOptions, memoryDirectoryStore } from '@sluice/core';
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
    expect(await load(MODELS + TEAMS).directory?.changesSince(0)).toMatchObject([
      { kind: 'team', id: 'finance-team', body: { models: ['gpt-4o'], max_budget: 500, rpm_limit: 3 } },
      { kind: 'team', id: 'processing-team' },
    ]);
    const gateway = open(MODELS + TEAMS);
    expect(await (await manage(gateway, '/team/info?team_id=finance-team')).json()).toMatchObject({ team_info: { max_budget: 500 } });
    const refused = await manage(gateway, '/team/update', { team_id: 'finance-team', max_budget: 1 });
    expect([refused.status, await refused.text()]).toEqual([501, expect.stringContaining('give it a database')]);
  });

  it('are changed by the API where there is a database', async () => {
    const declared = [{ kind: 'team' as const, id: 'finance-team', body: { models: ['gpt-4o'], rpm_limit: 3, members_with_roles: [] } }];
    const gateway = open(MODELS + TEAMS, { directory: declaredDirectory(declared, memoryDirectoryStore()) });
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
`),
    ).toEqual([
      "4:34 teams[0].budget_id: no budget is named 'smal'. Did you mean 'small'?",
      "4:53 teams[1].team_id: 'a' is declared already",
      "4:56 teams[1].max_budgt: unknown key. Did you mean 'max_budget'?",
      '5:44 customers[0].budget_duration: expected a length such as 30s, 5m, 2h, 1d, 1w or 1mo',
    ]);
  });
});
