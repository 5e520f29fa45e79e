import { afterEach, describe, expect, test } from 'vitest';
import { createGateway, type Gateway } from '../gateway/create-gateway.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Mapping, Provider } from './provider.ts';

const mapping: Mapping = {
  toRequest: ({ request }) => ({ url: 'x:', headers: {}, body: JSON.stringify(request) }),
  toError: ({ status, body }) => new GatewayError('upstream_error', body, { status }),
};

let gateway: Gateway;
afterEach(() => gateway.close());

function start(operations: Provider['operations'], answer = '{"input_tokens":12}', budgetNanoUsd?: number): void {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(answer);
  }
  gateway = createGateway({
    auth: false,
    providers: [{ name: 'p', operations, send: () => Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body: body() }) }],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'p', model: 'real' }] }],
    ...(budgetNanoUsd !== undefined && { allowance: { gateway: { budgetNanoUsd } } }),
  });
}

async function count(path = '/utils/token_counter'): Promise<unknown> {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'How many tokens are these?' }] });
  return (await gateway.fetch(`http://sluice${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json();
}

describe('counting tokens', () => {
  test('is done by the provider where it can', async () => {
    start({ 'tokens.count': mapping });
    expect(await count()).toEqual({ input_tokens: 12, total_tokens: 12, request_model: 'm', model_used: 'real', tokenizer_type: 'p_api' });
  });

  test('is an estimate, and says so, where it cannot', async () => {
    start({ chat: mapping });
    const told = await count('/v1/utils/token_counter');
    expect(told).toMatchObject({ model_used: 'real', tokenizer_type: 'estimate' });
    expect((told as { total_tokens: number }).total_tokens).toBeGreaterThan(6);
  });

  test.each(['{}', '{"input_tokens":-1}', '{"input_tokens":"12"}'])('is no answer where a provider says %s', async (answer) => {
    start({ 'tokens.count': mapping }, answer);
    expect(await count()).toMatchObject({ error: { code: 'upstream_invalid_answer' } });
  });

  test('costs nothing, and needs no price where a budget is in force', async () => {
    start({ 'tokens.count': mapping }, '{"input_tokens":12}', 0);
    expect(await count()).toMatchObject({ input_tokens: 12 });
  });
});

test.each(['/v1/rerank', '/rerank', '/v2/rerank'])('%s orders documents', async (path) => {
  start({ rerank: mapping }, '{"id":"x","results":[{"index":0,"relevance_score":0.5}]}');
  const ask = (body: object): Promise<Response> =>
    gateway.fetch(`http://sluice${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  expect(await (await ask({ model: 'm', query: 'q', documents: ['a'] })).json()).toEqual({ id: 'x', results: [{ index: 0, relevance_score: 0.5 }] });
  expect(await (await ask({ model: 'm', query: 'q', document: ['a'] })).json()).toMatchObject({
    error: { code: 'invalid_request', param: 'documents', message: expect.stringContaining("'document'") },
  });
});
