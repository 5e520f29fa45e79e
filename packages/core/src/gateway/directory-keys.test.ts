import { afterEach, expect, test } from 'vitest';
import { adminClient } from '../admin/admin-client.ts';
import { memoryDirectoryStore } from '../directory/memory-directory-store.ts';
import { defineGuardrail } from '../hooks/guardrail/define-guardrail.ts';
import { defineHook } from '../pipeline/hook.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Principal } from '../types/principal.ts';
import { createGateway, type Gateway } from './create-gateway.ts';

const MASTER = 'sk-master-of-the-gateway';
const gateways: Gateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

/** Blocks what holds its own name. */
const guardrailNamed = (name: string) =>
  defineGuardrail({ name, check: ({ text }) => (text.includes(name) ? { action: 'block', reason: 'named' } : { action: 'allow' }) });

function open(directory = memoryDirectoryStore(), names: readonly string[] = ['pii', 'secrets', 'always']) {
  let principal: Principal | undefined;
  const answer = defineHook({
    name: 'answer',
    phase: 'cache',
    handle(ctx) {
      principal = ctx.principal;
      return { kind: 'complete', body: LazyJson.ofValue({ model: ctx.request.model }) };
    },
  });
  const guardrails = names.map((name) => ({ guardrail: guardrailNamed(name), on: ['input'] as const, always: name === 'always' }));
  const gateway = createGateway({ masterKey: MASTER, directory, guardrails, hooks: [answer], models: [] });
  gateways.push(gateway);
  async function send(key: string, path: string, body?: object): Promise<{ status: number; code: string | undefined; model: string | undefined }> {
    const response = await gateway.fetch(`http://sluice${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${key}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    const told = (await response.json()) as { error?: { code: string }; model?: string };
    return { status: response.status, code: told.error?.code, model: told.model };
  }
  return {
    admin: adminClient({ baseUrl: 'http://sluice', apiKey: MASTER, fetch: gateway.fetch }),
    gateway,
    send,
    ask: (key: string, { model = 'm', text = 'x' } = {}) => send(key, '/v1/chat/completions', { model, messages: [{ role: 'user', content: text }] }),
    principal: () => principal,
  };
}

test.each<[readonly string[], readonly string[]]>([
  [['/chat/completions'], ['chat']],
  [['/v1/chat/completions'], ['chat']],
  [
    ['/chat/*', '/models'],
    ['chat', 'models'],
  ],
  [['llm_api_routes'], ['chat', 'embeddings', 'models']],
  [['info_routes'], ['models', 'key/info']],
  [['management_routes'], ['key/info']],
  [[], ['chat', 'embeddings', 'models', 'key/info']],
])('a key for %j may use these routes and no others', async (routes, allowed) => {
  const { admin, send, ask } = open();
  const { key } = await admin.key.generate({ allowed_routes: routes });
  const answers = {
    chat: await ask(key),
    embeddings: await send(key, '/v1/embeddings', { model: 'm', input: 'x' }),
    models: await send(key, '/v1/models'),
    'key/info': await send(key, '/key/info'),
  };
  for (const [name, { status, code }] of Object.entries(answers))
    expect([name, status, code]).toEqual(allowed.includes(name) ? [name, 200, undefined] : [name, 403, 'route_not_allowed']);
});

test('calls in this process with such a key are held to them, too', async () => {
  const { admin, gateway } = open();
  const { key } = await admin.key.generate({ allowed_routes: ['/embeddings'] });
  await expect(gateway.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'x' }] }, { apiKey: key })).rejects.toMatchObject({
    code: 'route_not_allowed',
  });
});

test('guardrails of a key, its team and its organization all judge its calls, beside those that judge every call', async () => {
  const { admin, ask } = open();
  await admin.organization.new({ organization_id: 'o', guardrails: ['secrets'] });
  await admin.team.new({ team_id: 't', organization_id: 'o' });
  const [plain, bound] = [await admin.key.generate(), await admin.key.generate({ team_id: 't', guardrails: ['pii'] })];
  const blocked = async (key: string): Promise<string[]> => {
    const names = ['pii', 'secrets', 'always'];
    const answers = await Promise.all(names.map((text) => ask(key, { text })));
    return names.filter((_, index) => answers[index]?.status === 400);
  };
  expect([await blocked(plain.key), await blocked(bound.key)]).toEqual([['always'], ['pii', 'secrets', 'always']]);
  await expect(admin.key.generate({ guardrails: ['pi'] })).rejects.toThrow(/Did you mean 'pii'/);
});

test('a guardrail that only another gateway has refuses the key’s calls here', async () => {
  const store = memoryDirectoryStore();
  const { key } = await open(store).admin.key.generate({ guardrails: ['pii'] });
  expect(await open(store, []).ask(key)).toMatchObject({ status: 500, code: 'guardrail_failed' });
});

test('a key calls models by names of its own and of its team’s, and none by them that it may not use', async () => {
  const { admin, ask } = open();
  await admin.team.new({ team_id: 't', model_aliases: { small: 'team-mini', big: 'forbidden' } });
  const { key } = await admin.key.generate({ team_id: 't', models: ['team-mini', 'key-mini'], aliases: { mine: 'key-mini' } });
  expect(await ask(key, { model: 'mine' })).toMatchObject({ status: 200, model: 'key-mini' });
  expect(await ask(key, { model: 'small' })).toMatchObject({ status: 200, model: 'team-mini' });
  expect(await ask(key, { model: 'big' })).toMatchObject({ status: 403, code: 'model_not_allowed' });
  expect(await ask(key, { model: 'constructor' })).toMatchObject({ status: 403 });
});

test('access groups stand for their models, in lists and by id, as they are now', async () => {
  const { admin, ask } = open();
  await admin.access_group.new({ access_group: 'small', model_names: ['mini'] });
  const keys = [await admin.key.generate({ models: ['small'] }), await admin.key.generate({ access_group_ids: ['small'] })];
  for (const { key } of keys) expect([(await ask(key, { model: 'mini' })).status, (await ask(key, { model: 'nano' })).status]).toEqual([200, 403]);
  await admin.access_group.update({ access_group: 'small', model_names: ['nano'] });
  for (const { key } of keys) expect([(await ask(key, { model: 'mini' })).status, (await ask(key, { model: 'nano' })).status]).toEqual([403, 200]);
  await admin.access_group.delete({ access_group: 'small' });
  for (const { key } of keys) expect([(await ask(key, { model: 'mini' })).status, (await ask(key, { model: 'nano' })).status]).toEqual([403, 403]);
});

test('budgets of single models and of tags are the key’s accounts', async () => {
  const { admin, ask, principal } = open();
  await admin.tag.new({ name: 'research', max_budget: 3 });
  await admin.team.new({ team_id: 't', tags: ['team'] });
  const { key } = await admin.key.generate({
    team_id: 't',
    tags: ['research'],
    model_rpm_limit: { m: 1 },
    model_max_budget: { n: { budget_limit: '0.5', time_period: '1d' } },
  });
  await ask(key);
  expect(principal()).toMatchObject({
    tags: ['team', 'research'],
    modelAllowances: { m: { limits: { requestsPerMinute: 1 } }, n: { budgetNanoUsd: 5e8, budgetWindow: { length: '1d' } } },
    accounts: [{ kind: 'team' }, { kind: 'tag', id: 'research', budgetNanoUsd: 3e9 }],
  });
});
