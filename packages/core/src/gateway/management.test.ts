import { afterEach, describe, expect, test } from 'vitest';
import { adminClient } from '../admin/admin-client.ts';
import { memoryDirectoryStore } from '../directory/memory-directory-store.ts';
import { defineHook } from '../pipeline/hook.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { DirectoryStore } from '../types/directory.ts';
import type { JsonObject } from '../types/json.ts';
import { createGateway, type Gateway } from './create-gateway.ts';

/** As far as these tests look into one. */
type Answer = { readonly error: { readonly code: string; readonly message: string; readonly param: string | null }; readonly info: { readonly token: string } };

const MASTER = 'sk-master-of-the-gateway';
const gateways: Gateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

function open(store: DirectoryStore | undefined = memoryDirectoryStore(), more: object = {}) {
  const answer = defineHook({ name: 'answer', phase: 'cache', handle: (ctx) => ({ kind: 'complete', body: LazyJson.ofValue({ model: ctx.request.model }) }) });
  const gateway = createGateway({ masterKey: MASTER, directory: store, hooks: [answer], models: [], ...more });
  gateways.push(gateway);
  const send = async (key: string, path: string, body?: JsonObject, method = body ? 'POST' : 'GET'): Promise<{ status: number; body: Answer }> => {
    const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) };
    const response = await gateway.fetch(`http://sluice${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: response.status, body: (await response.json()) as Answer };
  };
  return {
    gateway,
    send,
    admin: adminClient({ baseUrl: 'http://sluice', apiKey: MASTER, fetch: gateway.fetch }),
    chat: (key: string, model = 'm') => send(key, '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'x' }] }),
  };
}

describe('a key', () => {
  test('is made by the administrator, shown once, and opens the door', async () => {
    const store = memoryDirectoryStore();
    const { admin, chat } = open(store);
    const made = await admin.key.generate({ models: ['m'], max_budget: 10, metadata: { user: 'someone' }, duration: '30d' });
    expect(made).toMatchObject({ models: ['m'], max_budget: 10, created_by: 'master', key_name: `sk-...${made.key.slice(-4)}` });
    expect(Date.parse(made.expires ?? '') - Date.now()).toBeGreaterThan(29 * 86_400_000);
    expect([(await chat(made.key)).status, (await chat(made.key, 'other')).status]).toEqual([200, 403]);

    const { info } = await admin.key.info({ key: made.key });
    expect(info).toMatchObject({ token: made.token, max_budget: 10 });
    const kept = JSON.stringify([info, await store.changesSince(0), await store.auditTrail({ limit: 10 })]);
    expect(kept).not.toContain(made.key.slice(3, -4));
    expect(JSON.stringify(info)).not.toContain('hash');
    expect((await store.auditTrail({ limit: 10 }))[0]?.after).toMatchObject({ hashes: '***' });
  });

  test('that is asked for with an unknown field is refused, with what was meant', async () => {
    const { send } = open();
    const { status, body } = await send(MASTER, '/key/generate', { modles: ['m'] });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ param: 'modles', message: "There is no field 'modles' here. Did you mean 'models'?" });
  });

  test('sees itself and no other; absent and foreign ones are told alike', async () => {
    const { admin, send } = open();
    const [mine, other] = [await admin.key.generate(), await admin.key.generate()];
    expect((await send(mine.key, '/key/info')).body.info.token).toBe(mine.token);
    const answers = [await send(mine.key, `/key/info?key=${other.token}`), await send(mine.key, '/key/info?key=nobody')];
    expect(answers[0]).toMatchObject({ status: 404, body: { error: { code: 'object_not_found' } } });
    expect(answers[0]).toEqual(answers[1]);
    expect(await send(mine.key, '/key/generate', {})).toMatchObject({ status: 403, body: { error: { code: 'not_permitted' } } });
  });
});

test('strangers learn nothing, not even what is wrong with their request', async () => {
  const { send } = open();
  expect((await send('sk-nobody', '/key/generate', { modles: 1 })).status).toBe(401);
});

test('without a directory the routes say what is missing', async () => {
  const { send } = open(undefined, { directory: undefined });
  expect(await send(MASTER, '/key/generate', {})).toMatchObject({ status: 501, body: { error: { code: 'directory_missing' } } });
});

test('who changed what is told, without secrets, as pages, as CSV and as lines of JSON', async () => {
  const { admin, send } = open();
  const { token } = await admin.key.generate({ key_alias: '=cmd', metadata: { langfuse_secret_key: 'hush', note: 'a, "b"' } });
  await admin.key.block({ key: token });
  await admin.key.delete({ keys: [token] });
  const { audit_logs: entries, total } = await admin.audit.list({ object_id: token });
  expect(total).toBe(3);
  expect(entries.map(({ action }) => action)).toEqual(['deleted', 'blocked', 'created']);
  expect(entries[1]).toMatchObject({
    changed_by: 'master',
    table_name: 'key',
    before_value: { hashes: '***' },
    updated_values: { blocked: true, metadata: { langfuse_secret_key: '***', note: 'a, "b"' } },
  });
  expect((await admin.audit.list({ action: 'blocked' })).audit_logs).toEqual([entries[1]]);
  expect(await admin.audit.info({ id: entries[0]?.id ?? '' })).toEqual(entries[0]);
  const [csv, jsonl] = [await admin.audit.export({}), await admin.audit.export({ format: 'jsonl' })];
  expect(csv.split('\r\n')).toHaveLength(5);
  expect(csv).toContain('""note"":""a, \\""b\\""""');
  expect(
    jsonl
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(entries);
  expect(csv + jsonl).not.toContain('hush');
  const { key } = await admin.key.generate();
  expect((await send(key, '/audit')).status).toBe(403);
});

test('a seat that was given to an email is theirs who come with it', async () => {
  const { admin, gateway } = open();
  await admin.user.new({ user_id: 'head', auto_create_key: false });
  await admin.team.new({ team_id: 't', members_with_roles: [{ user_id: 'head', role: 'admin' }] });
  const { key } = await admin.key.generate({ user_id: 'head' });
  const head = adminClient({ baseUrl: 'http://sluice', apiKey: key, fetch: gateway.fetch });
  // They cannot find out whether anybody has this email.
  await admin.user.new({ user_id: 'known', user_email: 'known@example.com', auto_create_key: false });
  for (const user_email of ['known@example.com', 'new@example.com']) {
    const { members_with_roles: seats } = await head.team.member_add({ team_id: 't', member: { user_email } });
    expect(seats.at(-1)).toEqual({ user_email, role: 'user' });
  }
  const { teams } = await admin.user.new({ user_id: 'ada', user_email: 'New@example.com', auto_create_key: false });
  expect(teams).toEqual(['t']);
});

test('the client has the fields of the routes, and no others', async () => {
  const { admin } = open();
  // @ts-expect-error A slip of a field's name does not compile, and is refused where nobody compiles.
  await expect(admin.key.generate({ modles: ['m'] })).rejects.toMatchObject({ status: 400, code: 'invalid_request', param: 'modles' });
  // @ts-expect-error Nor does a value of another kind.
  await expect(admin.team.new({ max_budget: 'much' })).rejects.toMatchObject({ status: 400, param: 'max_budget' });
  // @ts-expect-error Nor is a field left out that has to be there.
  await expect(admin.team.info()).rejects.toMatchObject({ status: 400, param: 'team_id' });
  const made: { readonly key: string; readonly token: string; readonly max_budget?: number | null } = await admin.key.generate({ max_budget: 1 });
  expect(made.max_budget).toBe(1);
});

test('a directory that is away is shown from memory, and takes no changes', async () => {
  const inner = memoryDirectoryStore();
  let isAway = false;
  const reach = <T>(read: () => T): T => {
    if (isAway) throw new Error('the database is away');
    return read();
  };
  const store: DirectoryStore = {
    changesSince: async (revision) => reach(() => inner.changesSince(revision)),
    write: async (changes, audit) => reach(() => inner.write(changes, audit)),
    auditTrail: async (query) => reach(() => inner.auditTrail(query)),
  };
  const { admin, chat } = open(store, { onError: () => undefined });
  const { key, token } = await admin.key.generate({ key_alias: 'k' });
  isAway = true;
  expect((await admin.key.info({ key: token })).info.key_alias).toBe('k');
  expect((await chat(key)).status).toBe(200);
  await expect(admin.key.delete({ keys: [token] })).rejects.toMatchObject({ status: 503, code: 'store_unavailable' });
  await expect(admin.audit.list()).rejects.toMatchObject({ status: 503 });
  isAway = false;
  await admin.key.delete({ keys: [token] });
  expect((await chat(key)).status).toBe(401);
});

test('what a key has cost since its budget began is what the ledger says, and without a ledger nothing', async () => {
  const asked: { readonly kind: string; readonly id: string; readonly since: number }[] = [];
  const ledger = {
    append: async () => undefined,
    async spentSince({ kind, id }: { readonly kind: string; readonly id: string }, since: number) {
      asked.push({ kind, id, since });
      return 1_500_000_000;
    },
  };
  const { admin } = open(undefined, { ledger });
  const [windowed, endless] = [await admin.key.generate({ max_budget: 5, budget_duration: '1d' }), await admin.key.generate()];
  expect((await admin.key.info({ key: windowed.token })).info.spend).toBe(1.5);
  expect((await admin.key.info({ key: endless.token })).info.spend).toBe(1.5);
  const today = new Date().setUTCHours(0, 0, 0, 0);
  expect(asked).toEqual([
    { kind: 'key', id: windowed.token, since: today },
    { kind: 'key', id: endless.token, since: 0 },
  ]);
  const { admin: without } = open();
  expect((await without.key.info({ key: (await without.key.generate()).token })).info).not.toHaveProperty('spend');
});
