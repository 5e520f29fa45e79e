import { createGateway, type GatewayOptions, type JsonObject, memoryDirectoryStore } from '@sluice/core';
import { type AdminClient, adminClient } from '@sluice/core/admin';
import { readConfig } from '@sluice/config';
import { afterEach, expect, test } from 'vitest';
import { folderWith } from '../server/support/sluice.ts';

const MASTER = 'sk-master-of-the-gateway';
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const FILE = `
litellm_settings:
  default_key_generate_params: { rpm_limit: 5, tags: [made] }
  upperbound_key_generate_params: { max_budget: 10, budget_duration: 1mo, rpm_limit: 50, duration: 30d }
  default_internal_user_params: { user_role: internal_user_viewer, max_budget: 3, teams: [all] }
  default_team_params: { max_budget: 100, budget_duration: 1mo, models: [small], team_member_permissions: [/key/generate] }
  max_keys_per_user: 2
`;

function load(text: string): GatewayOptions {
  const folder = folderWith({ 'sluice.yaml': text, 'package.json': '{}' });
  closing.push(() => folder.remove());
  return readConfig(`${folder.path}/sluice.yaml`, { env: {} }).options;
}

function opened(options: Pick<GatewayOptions, 'management'>): (apiKey: string) => AdminClient {
  const gateway = createGateway({ ...options, masterKey: MASTER, directory: memoryDirectoryStore(), models: [] });
  closing.push(() => gateway.close());
  return (apiKey) => adminClient({ baseUrl: 'http://sluice', apiKey, fetch: gateway.fetch });
}

function open(options: Pick<GatewayOptions, 'management'>): AdminClient {
  return opened(options)(MASTER);
}

test('what is new has what the file says of the new, unless something else is asked for', async () => {
  const admin = open(load(FILE));
  expect(await admin.team.new({ team_id: 'all' })).toMatchObject({
    max_budget: 100,
    budget_duration: '1mo',
    models: ['small'],
    team_member_permissions: ['/key/generate'],
  });
  expect(await admin.team.new({ team_id: 'rich', max_budget: 900, models: null })).not.toMatchObject({ models: expect.anything() });
  expect((await admin.team.info({ team_id: 'rich' })).team_info).toMatchObject({ max_budget: 900, budget_duration: '1mo' });
  expect(await admin.user.new({ user_id: 'anna', auto_create_key: false })).toMatchObject({ user_role: 'internal_user_viewer', max_budget: 3, teams: ['all'] });
  const key = await admin.key.generate({ key_alias: 'first' });
  expect(key).toMatchObject({ rpm_limit: 5, tags: ['made'], max_budget: 10, budget_duration: '1mo' });
  expect(Math.round((Date.parse(String(key.expires)) - Date.now()) / 86_400_000)).toBe(30);
});

test('no key is given more than the most, not by a change either; all that is too much is told at once', async () => {
  const admin = open(load(FILE));
  await expect(admin.key.generate({ max_budget: 11, rpm_limit: 51, budget_duration: '1d', duration: '31d' })).rejects.toMatchObject({
    status: 400,
    message: [
      'max_budget may be at most 10 for keys of this gateway',
      'budget_duration has to be "1mo" for keys of this gateway',
      'rpm_limit may be at most 50 for keys of this gateway',
      "duration may be at most '30d' for keys of this gateway",
    ].join('\n'),
  });
  const { key } = await admin.key.generate({ max_budget: 9 });
  await expect(admin.key.update({ key, max_budget: 11 })).rejects.toMatchObject({ param: 'max_budget' });
  expect(await admin.key.update({ key, rpm_limit: null })).toMatchObject({ max_budget: 9, rpm_limit: 50 });
});

test('nobody has more keys than a person may have, whoever makes them, until one is gone', async () => {
  const admin = open(load(FILE));
  await admin.team.new({ team_id: 'all' });
  await admin.user.new({ user_id: 'anna' });
  const { key } = await admin.key.generate({ user_id: 'anna' });
  await expect(admin.key.generate({ user_id: 'anna' })).rejects.toMatchObject({
    status: 403,
    param: 'user_id',
    message: expect.stringContaining("'anna' has 2 keys"),
  });
  const other = await admin.key.generate({});
  await expect(admin.key.update({ key: other.key, user_id: 'anna' })).rejects.toMatchObject({ code: 'not_permitted' });
  await admin.key.regenerate({ key });
  await admin.key.delete({ keys: [(await admin.key.list({ user_id: 'anna' })).keys[0] as string] });
  expect(await admin.key.generate({ user_id: 'anna' })).toMatchObject({ user_id: 'anna' });
});

test('the most of a budget is not got round by a period, by raising it for a while or by having it refuse nothing', async () => {
  const as = opened({ management: { mostOfKey: { max_budget: 10 } } });
  const admin = as(MASTER);
  await admin.budget.new({ budget_id: 'often', budget_duration: '1m' });
  await admin.budget.new({ budget_id: 'loose', shadow: true });
  const rise = { temp_budget_increase: 5, temp_budget_expiry: '2199-01-01T00:00:00Z' };
  for (const over of [{ budget_duration: '1m' }, { budget_id: 'often' }]) {
    await expect(admin.key.generate(over)).rejects.toMatchObject({ status: 400, param: 'budget_duration' });
  }
  await expect(admin.key.generate(rise)).rejects.toMatchObject({
    message: 'max_budget and temp_budget_increase may be at most 10 together for keys of this gateway',
  });
  const { key } = await admin.key.generate({ max_budget: 5 });
  expect(await admin.key.update({ key, ...rise })).toMatchObject({ max_budget: 5, temp_budget_increase: 5 });
  await expect(admin.key.update({ key, max_budget: 6 })).rejects.toMatchObject({ param: 'temp_budget_increase' });
  await expect(admin.key.update({ key, budget_id: 'often' })).rejects.toMatchObject({ param: 'budget_duration' });

  await admin.organization.new({ organization_id: 'o' });
  await admin.user.new({ user_id: 'lead', auto_create_key: false });
  await admin.organization.member_add({ organization_id: 'o', member: { user_id: 'lead', role: 'org_admin' } });
  const lead = await admin.key.generate({ user_id: 'lead', organization_id: 'o' });
  for (const over of [{ shadow: true }, { budget_id: 'loose' }]) {
    await expect(as(lead.key).key.generate({ organization_id: 'o', ...over })).rejects.toMatchObject({ param: 'shadow' });
  }
  expect(await admin.key.generate({ shadow: true })).toMatchObject({ shadow: true });
});

test('a key that has expired takes a place again when it is to live on', async () => {
  const admin = open({ management: { keysPerUser: 1 } });
  await admin.user.new({ user_id: 'anna', auto_create_key: false });
  const { key } = await admin.key.generate({ user_id: 'anna', duration: '1s' });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await admin.key.generate({ user_id: 'anna' });
  await expect(admin.key.update({ key, duration: null })).rejects.toMatchObject({ status: 403, param: 'user_id' });
  await expect(admin.key.update({ key, duration: '1h' })).rejects.toMatchObject({ status: 403 });
  expect(await admin.key.update({ key, key_alias: 'gone' })).toMatchObject({ key_alias: 'gone' });
});

test('only what there can be a most of is taken', () => {
  const made = (mostOfKey: JsonObject) => () => createGateway({ masterKey: MASTER, models: [], management: { mostOfKey } });
  expect(made({ models: ['a'], tags: ['b'], rpm_limit: null, duraton: '1d' })).toThrow(
    /mostOfKey\.duraton: There is no field[^]*mostOfKey\.models: There is no most[^]*mostOfKey\.tags[^]*mostOfKey\.rpm_limit: null bounds nothing/,
  );
});

test('what the routes would not take is told at the start', () => {
  const wrong = { defaults: { key: { rpm_limt: 5 }, team: { max_budget: -1 }, usr: {} }, keysPerUser: -1 } as GatewayOptions['management'];
  expect(() => createGateway({ masterKey: MASTER, models: [], management: wrong ?? {} })).toThrow(
    /defaults\.usr[^]*defaults\.key\.rpm_limt: There is no field[^]*Did you mean 'rpm_limit'[^]*defaults\.team\.max_budget[^]*keysPerUser/,
  );
});
