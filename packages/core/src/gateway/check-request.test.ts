import { afterAll, describe, expect, it } from 'vitest';
import { LazyJson } from '../stream/lazy-json.ts';
import { createGateway } from './create-gateway.ts';

const seen: unknown[] = [];
const MASTER_KEY = 'sk-master-0123456789abcdef';

const gateway = createGateway({
  masterKey: MASTER_KEY,
  providers: [{ name: 'p', operations: {} }],
  models: [{ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'd' }] }],
  aliases: { nick: 'm' },
  hooks: [
    {
      name: 'witness',
      phase: 'guardrail',
      handle(ctx) {
        seen.push(ctx.request);
        return Promise.resolve({ kind: 'complete', body: LazyJson.ofValue({ ok: true }) });
      },
    },
  ],
});

afterAll(() => gateway.close());

const good = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }], unknown: { kept: [1] } };
const bad = { model: 'm', messages: [{ role: 'user' as const, content: 5 as never }] };

function post(body: unknown, key?: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
  return gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
}

describe('a request is checked', () => {
  it('the same by HTTP and in process', async () => {
    const fault = { code: 'invalid_request', param: 'messages[0].content', message: 'messages[0].content has to be a text or a list, not 5.' };
    await expect(gateway.chat.completions.create(bad, { apiKey: MASTER_KEY })).rejects.toMatchObject(fault);
    const response = await post(bad, MASTER_KEY);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: { ...fault, type: 'invalid_request_error' } });
    expect(seen).toEqual([]);
  });

  it('after its caller is known', async () => {
    expect((await post(bad)).status).toBe(401);
    expect((await post('{"model"')).status).toBe(401);
    await expect(gateway.chat.completions.create(bad)).rejects.toMatchObject({ code: 'missing_credentials' });
  });

  it('and goes on as it is, with what nobody here knows', async () => {
    seen.length = 0;
    await gateway.chat.completions.create(good, { apiKey: MASTER_KEY });
    await post(good, MASTER_KEY);
    expect(seen).toEqual([good, good]);
    expect(seen[0]).toBe(good);
  });
});

describe('the list of models', () => {
  it('has aliases among its names', async () => {
    const list = async (path: string) =>
      (await gateway.fetch(`http://sluice/v1/models${path}`, { headers: { 'x-api-key': MASTER_KEY } })).json() as Promise<{
        id?: string;
        data?: { id: string }[];
      }>;
    expect((await list('')).data?.map(({ id }) => id)).toEqual(['m', 'nick']);
    expect((await list('/nick')).id).toBe('nick');
  });
});
