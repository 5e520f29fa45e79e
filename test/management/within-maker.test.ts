import { createGateway, type Gateway, type JsonObject, memoryDirectoryStore } from '@sluice/core';
import { type AdminClient, adminClient, AdminError } from '@sluice/core/admin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const MASTER = 'sk-master-of-the-gateway';
let gateway: Gateway;
let root: AdminClient;
/** A person whose only key is bound in every way. */
let bound: AdminClient;
let boundKey: string;
const EXPIRES_IN = '1h';

const as = (apiKey: string): AdminClient => adminClient({ baseUrl: 'http://sluice', apiKey, fetch: gateway.fetch });

beforeAll(async () => {
  gateway = createGateway({ masterKey: MASTER, directory: memoryDirectoryStore(), models: [] });
  root = as(MASTER);
  await root.access_group.new({ access_group: 'small', model_names: ['mini', 'nano'] });
  await root.user.new({ user_id: 'ada', auto_create_key: false });
  await root.team.new({ team_id: 'elsewhere', members_with_roles: [{ user_id: 'ada', role: 'admin' }] });
  const { key } = await root.key.generate({
    user_id: 'ada',
    models: ['small', 'gpt-*'],
    max_budget: 10,
    budget_duration: '30d',
    rpm_limit: 5,
    model_rpm_limit: { mini: 2 },
    model_max_budget: { mini: { budget_limit: 1, time_period: '1d' } },
    tags: ['research'],
    enforced_params: ['user'],
    allowed_routes: ['llm_api_routes', '/key/*'],
    duration: EXPIRES_IN,
  });
  boundKey = key;
  bound = as(key);
});
afterAll(() => gateway.close());

async function refusal(asked: Promise<unknown>): Promise<{ readonly status: number; readonly code: string; readonly param: string | undefined }> {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AdminError);
  const { status, code, param } = error as AdminError;
  return { status, code, param };
}

describe('P52: a key can never exceed its maker', () => {
  test('what is left out becomes what the maker has', async () => {
    const made = await bound.key.generate({ key_alias: 'child' });
    expect(made).toMatchObject({
      user_id: 'ada',
      models: ['small', 'gpt-*'],
      max_budget: 10,
      budget_duration: '30d',
      rpm_limit: 5,
      model_rpm_limit: { mini: 2 },
      model_max_budget: { mini: { budget_limit: 1, time_period: '1d' } },
      tags: ['research'],
      enforced_params: ['user'],
      allowed_routes: ['llm_api_routes', '/key/*'],
    });
    expect(made.expires).toBe((await bound.key.info()).info.expires);
  });

  test('less may be asked for', async () => {
    const asked = {
      models: ['nano', 'gpt-4*'],
      max_budget: 3,
      rpm_limit: 1,
      tags: ['mine'],
      allowed_routes: ['/chat/completions'],
      duration: '5m',
      model_rpm_limit: { mini: 1, nano: 1 },
    };
    const { duration: _, ...rest } = asked;
    const made = await bound.key.generate(asked);
    expect(made).toMatchObject({ ...rest, tags: ['research', 'mine'], budget_duration: '30d' });
  });

  test.each<[string, JsonObject]>([
    ['max_budget', { max_budget: 10.01 }],
    ['budget_duration', { budget_duration: '1d' }],
    ['rpm_limit', { rpm_limit: 6 }],
    ['models', { models: ['claude'] }],
    ['models', { models: ['*'] }],
    ['models', { models: ['all-proxy-models'] }],
    ['duration', { duration: '2h' }],
    ['allowed_routes', { allowed_routes: ['management_routes'] }],
    ['allowed_routes', { allowed_routes: ['/team/new'] }],
    ['model_rpm_limit.mini', { model_rpm_limit: { mini: 3 } }],
    ['model_max_budget.mini', { model_max_budget: { mini: { budget_limit: 100, time_period: '1d' } } }],
  ])('more %s may not, neither of a new key nor of itself: %j', async (param, asked) => {
    expect(await refusal(bound.key.generate(asked))).toEqual({ status: 403, code: 'exceeds_maker', param });
    expect(await refusal(bound.key.update({ key: boundKey, ...asked }))).toEqual({ status: 403, code: 'exceeds_maker', param });
    expect(await refusal(bound.key.regenerate({ key: boundKey, ...asked }))).toEqual({ status: 403, code: 'exceeds_maker', param });
  });

  test('a shared budget is no way around it', async () => {
    await root.budget.new({ budget_id: 'large', max_budget: 1000 });
    await root.budget.new({ budget_id: 'often', budget_duration: '1d' });
    await root.budget.new({ budget_id: 'told-only', shadow: true });
    expect(await refusal(bound.key.generate({ budget_id: 'large' }))).toMatchObject({ code: 'exceeds_maker', param: 'max_budget' });
    expect(await refusal(bound.key.generate({ budget_id: 'told-only' }))).toMatchObject({ code: 'exceeds_maker', param: 'budget_id' });
    expect(await bound.key.generate({ budget_id: 'often' })).toMatchObject({ max_budget: 10, budget_duration: '30d' });
    const once = as((await root.key.generate({ user_id: 'ada', max_budget: 5 })).key);
    expect(await refusal(once.key.generate({ budget_id: 'often' }))).toMatchObject({ code: 'exceeds_maker', param: 'budget_duration' });
  });

  test('what limits a key is not lifted by taking it away', async () => {
    await bound.key.update({
      key: boundKey,
      max_budget: null,
      rpm_limit: null,
      models: null,
      tags: null,
      allowed_routes: null,
      duration: null,
      model_rpm_limit: null,
      model_max_budget: null,
    });
    const { info } = await bound.key.info();
    expect(info).toMatchObject({
      max_budget: 10,
      rpm_limit: 5,
      models: ['small', 'gpt-*'],
      tags: ['research'],
      allowed_routes: ['llm_api_routes', '/key/*'],
      model_rpm_limit: { mini: 2 },
    });
    expect(info.expires).toBeDefined();
  });

  test('what is not touched stays as those above have set it', async () => {
    const { token } = await root.key.generate({ user_id: 'ada', models: ['claude'], max_budget: 500 });
    expect(await bound.key.update({ key: token, key_alias: 'named' })).toMatchObject({ models: ['claude'], max_budget: 500, key_alias: 'named' });
    expect(await refusal(bound.key.update({ key: token, max_budget: 501 }))).toMatchObject({ code: 'exceeds_maker' });
  });

  test('nor may it be somebody else’s, or in a team its maker is not in', async () => {
    await root.user.new({ user_id: 'eve', auto_create_key: false });
    expect(await refusal(as((await root.key.generate({ user_id: 'ada' })).key).key.generate({ user_id: 'eve' }))).toMatchObject({ code: 'not_permitted' });
    const teamKey = await root.key.generate({ user_id: 'ada', team_id: 'elsewhere' });
    await root.team.new({ team_id: 'other', members_with_roles: [{ user_id: 'ada', role: 'admin' }] });
    expect(await refusal(as(teamKey.key).key.generate({ team_id: 'other' }))).toEqual({ status: 403, code: 'exceeds_maker', param: 'team_id' });
    expect(await as(teamKey.key).key.generate()).toMatchObject({ team_id: 'elsewhere' });
  });

  test('in the name of another, by who leads their team, it only calls models', async () => {
    const head = as((await root.key.generate({ user_id: 'ada' })).key);
    await head.team.member_add({ team_id: 'elsewhere', member: { user_id: 'bob' } });
    const bobs = await head.key.generate({ team_id: 'elsewhere', user_id: 'bob' });
    expect(bobs).toMatchObject({ user_id: 'bob', allowed_routes: ['llm_api_routes'] });
    expect(await head.key.update({ key: bobs.token, allowed_routes: null })).toMatchObject({ allowed_routes: ['llm_api_routes'] });
    expect(await head.key.update({ key: bobs.token, allowed_routes: ['/chat/completions'] })).toMatchObject({ allowed_routes: ['/chat/completions'] });
    expect(await refusal(head.key.update({ key: bobs.token, allowed_routes: ['/key/*'] }))).toMatchObject({ code: 'exceeds_maker', param: 'allowed_routes' });
    expect(await refusal(head.key.update({ key: bobs.token, key_type: 'management' }))).toMatchObject({ code: 'exceeds_maker' });
    expect(await refusal(head.key.generate({ team_id: 'elsewhere', user_id: 'bob', allowed_routes: ['/key/*'] }))).toMatchObject({
      code: 'exceeds_maker',
      param: 'allowed_routes',
    });
    const own = await root.key.generate({ team_id: 'elsewhere', user_id: 'bob' });
    expect(await refusal(head.key.regenerate({ key: own.token }))).toMatchObject({ code: 'not_permitted' });
    await root.user.new({ user_id: 'chief', user_role: 'proxy_admin', auto_create_key: false });
    expect(await refusal(head.key.generate({ team_id: 'elsewhere', user_id: 'chief' }))).toMatchObject({ code: 'not_permitted', param: 'user_id' });
    const service = await head.key.generate_service_account({ team_id: 'elsewhere' });
    expect(await head.key.update({ key: service.token, user_id: 'bob' })).toMatchObject({ allowed_routes: ['llm_api_routes'] });
  });

  test('so does the first key of a person whom an organization’s administrator adds', async () => {
    await root.organization.new({ organization_id: 'acme' });
    await root.organization.member_add({ organization_id: 'acme', member: { user_id: 'lead', role: 'org_admin' } });
    const lead = as((await root.key.generate({ user_id: 'lead' })).key);
    const added = await lead.user.new({ user_id: 'newcomer', organizations: ['acme'] });
    expect((await root.key.info({ key: added.token ?? '' })).info).toMatchObject({ user_id: 'newcomer', allowed_routes: ['llm_api_routes'] });
    expect(await refusal(lead.user.new({ user_role: 'proxy_admin', organizations: ['acme'] }))).toMatchObject({ code: 'not_permitted', param: 'user_role' });
    expect(await refusal(lead.user.new({}))).toMatchObject({ code: 'not_permitted' });
    expect((await root.key.info({ key: (await root.user.new({})).token ?? '' })).info.allowed_routes).toBeUndefined();
  });

  test('an administrator’s key for some routes makes no key for more of them', async () => {
    await root.user.new({ user_id: 'boss', user_role: 'proxy_admin', auto_create_key: false });
    const { key } = await root.key.generate({ user_id: 'boss', allowed_routes: ['/key/*'] });
    expect(await as(key).key.generate({ models: ['m'] })).toMatchObject({ allowed_routes: ['/key/*'] });
    expect(await as(key).key.generate({ key_type: 'llm_api' })).toMatchObject({ allowed_routes: ['llm_api_routes'] });
    expect(await refusal(as(key).key.generate({ user_id: 'boss', allowed_routes: ['/user/new'] }))).toMatchObject({ code: 'exceeds_maker' });
    expect(await refusal(as(key).user.new({}))).toMatchObject({ status: 403, code: 'route_not_allowed' });
  });
});
