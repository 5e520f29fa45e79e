import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { litellmModelReader } from '@sluice/config';
import { createGateway, type DirectoryStore, type Gateway, type GatewayOptions, memoryDirectoryStore } from '@sluice/core';
import { type AdminClient, adminClient } from '@sluice/core/admin';
import { provider } from '@sluice/provider-openai';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

const MASTER = 'sk-master-of-the-gateway';
const SECRET = 'sk-of-the-provider-and-nobody-else';
const [OLD, NEW, OTHER] = ['the first salt key of them all', 'the second salt key of them all', 'a salt key of somebody else'];

let upstream: Server;
let url: string;
/** The keys that the provider was called with. */
let seen: (string | undefined)[] = [];
let store: DirectoryStore;
const gateways: Gateway[] = [];

beforeAll(async () => {
  upstream = createServer((req, res) => {
    seen.push(req.headers.authorization?.replace('Bearer ', ''));
    res.setHeader('content-type', 'application/json');
    req.resume().on('end', () => res.end(JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices: [] })));
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
});
beforeEach(() => {
  store = memoryDirectoryStore();
  seen = [];
});
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});
afterAll(() => upstream.close());

/** A gateway on the same directory, as after a start with another configuration. */
function open(options: Pick<GatewayOptions, 'saltKey' | 'formerSaltKeys' | 'onError'>): { gateway: Gateway; admin: AdminClient } {
  const gateway = createGateway({
    masterKey: MASTER,
    directory: store,
    models: [],
    providers: provider.providers,
    modelReader: litellmModelReader(),
    onError: () => undefined,
    ...options,
  });
  gateways.push(gateway);
  return { gateway, admin: adminClient({ baseUrl: 'http://sluice', apiKey: MASTER, fetch: gateway.fetch }) };
}

async function ask({ gateway }: { readonly gateway: Gateway }, apiKey: string, model: string): Promise<number> {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] });
  return (await gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers: { authorization: `Bearer ${apiKey}` }, body })).status;
}

async function fill(admin: AdminClient): Promise<string> {
  for (const name of ['one', 'two', 'three'])
    await admin.credential.new({ credential_name: name, credential_values: { api_key: `${SECRET}-${name}`, api_base: url } });
  for (const name of ['one', 'two', 'three'])
    await admin.model.new({ model_name: name, litellm_params: { model: 'openai/gpt-4o', litellm_credential_name: name } as never });
  await admin.model.new({ model_name: 'own', litellm_params: { model: 'openai/gpt-4o', api_base: url, api_key: SECRET } as never });
  return (await admin.key.generate({})).key;
}

test('what a former salt key has sealed stays readable, is sealed anew some at a time, and then needs the former one no more', async () => {
  const key = await fill(open({ saltKey: OLD }).admin);
  const between = open({ saltKey: NEW, formerSaltKeys: [OTHER, OLD] });
  expect(await ask(between, MASTER, 'one')).toBe(200);
  expect(await between.admin.credential.reseal_check()).toEqual({ remaining: 4, unreadable: [], former_keys: 1 });

  expect(await between.admin.credential.reseal({ limit: 2 })).toMatchObject({ resealed: [{ id: 'one' }, { id: 'two' }], remaining: 2 });
  // Broken off here, and gone on with by another gateway; what is half done works everywhere.
  const after = open({ saltKey: NEW, formerSaltKeys: [OLD] });
  for (const model of ['one', 'two', 'three', 'own']) expect([model, await ask(after, MASTER, model)]).toEqual([model, 200]);
  expect(await after.admin.credential.reseal()).toMatchObject({
    resealed: [{ kind: 'credential', id: 'three' }, { kind: 'model' }],
    remaining: 0,
    unreadable: [],
  });
  expect(await after.admin.credential.reseal()).toMatchObject({ resealed: [], remaining: 0 });

  seen = [];
  expect(await ask(after, key, 'own')).toBe(200);
  await expect.poll(async () => (await after.admin.credential.reseal_check()).former_keys, { timeout: 5000 }).toBe(0);

  const alone = open({ saltKey: NEW });
  for (const model of ['one', 'two', 'three', 'own']) expect([model, await ask(alone, key, model)]).toEqual([model, 200]);
  expect(seen).toEqual([SECRET, `${SECRET}-one`, `${SECRET}-two`, `${SECRET}-three`, SECRET]);
});

test('sealing anew is in the trail, without a word of what was sealed', async () => {
  await fill(open({ saltKey: OLD }).admin);
  const { admin } = open({ saltKey: NEW, formerSaltKeys: [OLD] });
  await admin.credential.reseal();
  const { audit_logs: entries } = await admin.audit.list({ action: 'resealed' });
  expect(entries.map(({ table_name, changed_by }) => [table_name, changed_by])).toEqual([
    ['model', 'master'],
    ['credential', 'master'],
    ['credential', 'master'],
    ['credential', 'master'],
  ]);
  expect(JSON.stringify([await store.changesSince(0), await store.auditTrail({ limit: 100 })])).not.toMatch(new RegExp(SECRET));
});

test('what nobody can open is named, and keeps nothing else from being sealed anew', async () => {
  await open({ saltKey: OTHER }).admin.credential.new({ credential_name: 'lost', credential_values: { api_key: 'x', api_base: url } });
  await fill(open({ saltKey: OLD }).admin);
  const { admin } = open({ saltKey: NEW, formerSaltKeys: [OLD] });
  const lost = { kind: 'credential', id: 'lost', fields: ['credential_values.api_key', 'credential_values.api_base'] };
  expect(await admin.credential.reseal()).toMatchObject({ remaining: 0, unreadable: [lost] });
  expect(await admin.credential.reseal_check()).toEqual({ remaining: 0, unreadable: [lost], former_keys: 1 });
});

test('without the former salt key nothing is opened, no key is known, and the start says which models are left out', async () => {
  const key = await fill(open({ saltKey: OLD }).admin);
  const told: string[] = [];
  const other = open({ saltKey: NEW, onError: (error) => told.push(String((error as Error).message)) });
  expect([await ask(other, MASTER, 'own'), await ask(other, key, 'own')]).toEqual([404, 401]);
  expect(told).toHaveLength(4);
});
