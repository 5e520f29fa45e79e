import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { litellmModelReader } from '@sluice/config';
import { createGateway, type DirectoryStore, type Gateway, memoryDirectoryStore } from '@sluice/core';
import { type AdminClient, adminClient, AdminError } from '@sluice/core/admin';
import { provider } from '@sluice/provider-openai';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

const MASTER = 'sk-master-of-the-gateway';
const SECRET = 'sk-of-the-provider-and-nobody-else';

let upstream: Server;
let url: string;
/** The keys that the provider was called with. */
const seen: (string | undefined)[] = [];
let store: DirectoryStore;
let gateway: Gateway;
let admin: AdminClient;

beforeAll(async () => {
  upstream = createServer((req, res) => {
    seen.push(req.headers.authorization?.replace('Bearer ', ''));
    req.resume().on('end', () => {
      res.setHeader('content-type', 'application/json');
      res.end(
        JSON.stringify({
          id: 'c',
          object: 'chat.completion',
          created: 1,
          model: 'm',
          choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
        }),
      );
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
});
afterAll(() => void upstream.close());

beforeEach(() => {
  store = memoryDirectoryStore();
  gateway = open();
  admin = adminClient({ baseUrl: 'http://sluice', apiKey: MASTER, fetch: gateway.fetch });
  seen.length = 0;
});
afterEach(() => gateway.close());

function open(more: object = {}): Gateway {
  return createGateway({
    masterKey: MASTER,
    directory: store,
    providers: provider.providers,
    modelReader: litellmModelReader(),
    models: [],
    onError: () => undefined,
    ...more,
  });
}

async function ask(apiKey: string, model: string): Promise<number> {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] });
  return (await gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers: { authorization: `Bearer ${apiKey}` }, body })).status;
}

const everythingKept = async (): Promise<string> =>
  JSON.stringify([await store.changesSince(0), await store.auditTrail({ limit: 100 }), await admin.model.info(), await admin.credential.list()]);

test('a model is added, called, changed, blocked and removed while the gateway runs; its key is kept sealed', async () => {
  const made = await admin.model.new({ model_name: 'ours', litellm_params: { model: 'openai/gpt-4o', api_base: url, api_key: SECRET } as never });
  expect(made).toMatchObject({ model_name: 'ours', litellm_params: { model: 'openai/gpt-4o', api_key: '***' }, model_info: { db_model: true } });
  expect([await ask(MASTER, 'ours'), seen]).toEqual([200, [SECRET]]);
  expect(await everythingKept()).not.toContain(SECRET);

  await admin.model.update({ model_name: 'mine', model_info: { id: made.model_id } });
  expect([await ask(MASTER, 'ours'), await ask(MASTER, 'mine'), seen]).toEqual([404, 200, [SECRET, SECRET]]);
  await admin.model.block({ id: made.model_id });
  expect(await ask(MASTER, 'mine')).not.toBe(200);
  await admin.model.unblock({ id: made.model_id });
  expect(await ask(MASTER, 'mine')).toBe(200);
  await admin.model.delete({ id: made.model_id });
  expect(await ask(MASTER, 'mine')).toBe(404);
});

test('what is wrong with a model is told before it is kept', async () => {
  const wrong = admin.model.new({ model_name: 'ours', litellm_params: { model: 'opnai/gpt-4o', api_key: 'x' } as never });
  await expect(wrong).rejects.toThrow(/opnai/);
  await expect(wrong).rejects.toMatchObject({ status: 400, code: 'invalid_request' });
  expect(await store.changesSince(0)).toEqual([]);
});

test('credentials are kept once, sealed, for the models that name them, and changed in one place', async () => {
  await admin.credential.new({
    credential_name: 'shared',
    credential_values: { api_key: SECRET, api_base: url },
    credential_info: { description: 'of us all' },
  });
  await admin.model.new({ model_name: 'ours', litellm_params: { model: 'openai/gpt-4o', litellm_credential_name: 'shared' } as never });
  expect([await ask(MASTER, 'ours'), seen]).toEqual([200, [SECRET]]);
  expect(await admin.credential.info({ credential_name: 'shared' })).toMatchObject({
    credential_values: { api_key: '***', api_base: '***' },
    credential_info: { description: 'of us all' },
  });
  await admin.credential.update({ credential_name: 'shared', credential_values: { api_key: `${SECRET}-2` } });
  expect([await ask(MASTER, 'ours'), seen.at(-1)]).toEqual([200, `${SECRET}-2`]);
  expect(await everythingKept()).not.toContain(SECRET);
  await expect(admin.credential.delete({ credential_name: 'shared' })).rejects.toMatchObject({ status: 409, code: 'object_in_use' });
  await expect(admin.model.new({ model_name: 'b', litellm_params: { model: 'openai/gpt-4o', litellm_credential_name: 'shard' } as never })).rejects.toThrow(
    /Did you mean 'shared'/,
  );
});

test('who may not use a model does not see it, and nobody but administrators sees how it is reached', async () => {
  await admin.model.new({ model_name: 'ours', litellm_params: { model: 'openai/gpt-4o', api_base: url, api_key: SECRET } as never });
  await admin.model.new({ model_name: 'theirs', litellm_params: { model: 'openai/gpt-4o-mini', api_base: url, api_key: SECRET } as never });
  const { key } = await admin.key.generate({ models: ['ours'] });
  const { data } = await adminClient({ baseUrl: 'http://sluice', apiKey: key, fetch: gateway.fetch }).model.info();
  expect(data).toHaveLength(1);
  expect(data[0]).toMatchObject({ model_name: 'ours', litellm_params: { model: 'openai/gpt-4o' } });
  expect(JSON.stringify(data)).not.toContain(url);
});

test('a declared model is shown, and changed where it is declared', async () => {
  await gateway.close();
  gateway = open({ models: [{ name: 'declared', deployments: [{ id: 'd', provider: 'openai', model: 'gpt-4o', apiKey: { reveal: () => SECRET } }] }] });
  admin = adminClient({ baseUrl: 'http://sluice', apiKey: MASTER, fetch: gateway.fetch });
  expect((await admin.model.info()).data).toMatchObject([{ model_name: 'declared', model_id: 'd', model_info: { db_model: false } }]);
  await expect(admin.model.delete({ id: 'd' })).rejects.toBeInstanceOf(AdminError);
  await expect(admin.model.delete({ id: 'd' })).rejects.toMatchObject({ code: 'not_permitted' });
});
