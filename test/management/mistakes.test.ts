import { createGateway, memoryDirectoryStore } from '@sluice/core';
import { afterAll, expect, test } from 'vitest';

const MASTER = 'sk-master-of-the-gateway';
const gateway = createGateway({ masterKey: MASTER, directory: memoryDirectoryStore(), models: [] });
afterAll(() => gateway.close());

type Refusal = { readonly status: number; readonly param: string; readonly lines: readonly string[] };

async function refusal(path: string, body: object): Promise<Refusal> {
  const response = await gateway.fetch(`http://sluice${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${MASTER}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { error } = (await response.json()) as { error: { message: string; param: string } };
  return { status: response.status, param: error.param, lines: error.message.split('\n') };
}

test('what is wrong with the form of a body is told all at once, each at its place, with what may have been meant', async () => {
  expect(
    await refusal('/key/generate', {
      max_budgt: 5,
      rpm_limit: '10',
      key_type: 'llm_ap',
      budget_duration: 'soon',
      models: ['a', 7, 'b', true],
      model_max_budget: { m: { budget_limit: -1, time_period: '1d' }, n: { limit: 2 } },
    }),
  ).toEqual({
    status: 400,
    param: 'max_budgt',
    lines: [
      "There is no field 'max_budgt' here. Did you mean 'max_budget'?",
      'rpm_limit has to be a number, not a text. Write it without the quotes.',
      "key_type has to be one of 'default', 'llm_api', 'management', 'read_only', not 'llm_ap'. Did you mean 'llm_api'?",
      "budget_duration has to be a length such as '30s', '5m', '2h', '1d', '1w' or '1mo', not a text.",
      'models[1] has to be a text, not 7.',
      'models[3] has to be a text, not true.',
      'model_max_budget.m.budget_limit has to be at least 0 or a text, not -1.',
      expect.stringContaining("There is no field 'model_max_budget.n.limit' here."),
    ],
  });
});

test('what is missing is told with the rest', async () => {
  const { lines } = await refusal('/team/member_add', { team: 't', member: [{ role: 'boss' }, { usr_id: 'x' }] });
  expect(lines).toEqual(['team_id is missing.', expect.stringContaining("There is no field 'team' here."), expect.stringMatching(/^member/)]);
});

test('what a body names and is not there is told all at once', async () => {
  expect(
    await refusal('/key/generate', {
      team_id: 'none',
      budget_id: 'neither',
      access_group_ids: ['nor'],
      guardrails: ['this'],
      allowed_routes: ['/chat/completion'],
    }),
  ).toEqual({
    status: 404,
    param: 'team_id',
    lines: [
      "There is no team 'none'",
      "There is no budget 'neither'",
      "There is no access group 'nor'",
      "guardrails: there is none named 'this'.",
      "allowed_routes: there is none named '/chat/completion'. Did you mean '/chat/completions'?",
    ],
  });
});

test('a body that is nothing but mistakes tells of the first twenty', async () => {
  const { lines } = await refusal('/key/generate', Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`field_${index}`, index])));
  expect(lines).toHaveLength(20);
});

test('the document of all routes says once what several of them say', async () => {
  const text = await (await gateway.fetch('http://sluice/openapi.json')).text();
  expect(text.length).toBeLessThan(250_000);
  const { components } = JSON.parse(text) as { components: { schemas: Record<string, object> } };
  for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) expect(Object.keys(components.schemas)).toContain(name);
});
