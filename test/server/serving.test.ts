import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWith, type Sluice, sluice } from './support/sluice.ts';

const MASTER = 'sk-a-master-key-for-tests';
let running: Sluice;
let url: string;
let folder: ReturnType<typeof folderWith>;

beforeAll(async () => {
  folder = folderWith({
    'litellm_config.yaml': `
model_list:
  - { model_name: chat, litellm_params: { model: demo/echo } }
  - { model_name: other, litellm_params: { model: demo/demo } }
router_settings: { model_group_alias: { both: [chat, other] } }
general_settings: { master_key: ${MASTER}, max_request_size_mb: 0.01 }
litellm_settings: { banned_keywords_list: [falcon] }
keys:
  - { id: shop, key: sk-the-key-of-the-shop, models: [chat], rpm_limit: 3 }
  - { id: gone, key: sk-the-key-that-is-gone, expires: 2020-01-01 }
`,
  });
  running = sluice(['--port', '0'], { cwd: folder.path });
  url = await running.says(/Sluice listens on (\S+)/);
});

afterAll(() => {
  running.child.kill('SIGKILL');
  folder.remove();
});

describe('a configured gateway', () => {
  it('was found in the working directory', async () => {
    const response = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${MASTER}` } });
    expect(((await response.json()) as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual(['chat', 'other', 'both']);
  });

  it('answers a virtual key for its models, and within its limits', async () => {
    expect(await ask('chat', 'sk-the-key-of-the-shop')).toMatchObject({ status: 200, body: { object: 'chat.completion' } });
    expect(await ask('other', 'sk-the-key-of-the-shop')).toMatchObject({ status: 403, body: { error: { code: 'model_not_allowed' } } });
    expect(await ask('chat', 'sk-the-key-that-is-gone')).toMatchObject({ status: 401, body: { error: { code: 'key_expired' } } });
    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await ask('chat', 'sk-the-key-of-the-shop')).status);
    expect(statuses).toContain(429);
  });

  it('refuses banned words, inside of others too', async () => {
    expect(await ask('chat', MASTER, 'the Falconer')).toMatchObject({ status: 400, body: { error: { type: 'guardrail_blocked' } } });
  });

  it('writes one record of each call, without what was said', async () => {
    await ask('other', MASTER, 'a word that stays here');
    const record = JSON.parse(await running.says(/^(\{.*"model":"other".*"status":"ok".*\})$/m)) as Record<string, unknown>;
    expect(record).toMatchObject({ level: 30, operation: 'chat', provider: 'demo', group: 'other', keyId: expect.any(String), usage: expect.any(Object) });
    expect(running.stdout()).not.toMatch(/a word that stays here|sk-/);
  });

  it('refuses bodies over its limit', async () => {
    expect(await ask('chat', MASTER, 'x'.repeat(20_000))).toMatchObject({ status: 413 });
  });

  it('answers what is not there in the shape of its other errors', async () => {
    const response = await fetch(`${url}/nothing/here`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'route_not_found' } });
  });
});

async function ask(model: string, key: string, content = 'hello'): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content }] }),
  });
  return { status: response.status, body: await response.json() };
}
