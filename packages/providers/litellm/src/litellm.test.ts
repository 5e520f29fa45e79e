import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway, type JsonObject } from '@sluice/core';
import { ask, providerContract, type ProviderFixture } from '@sluice/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { litellm } from './litellm.ts';
import { provider } from './provider-package.ts';

// What LiteLLM 1.108 answers, cut to the fields that are read and a few that are not.
const ENTRIES: readonly JsonObject[] = [
  {
    model_name: 'gpt',
    litellm_params: { model: 'openai/gpt-4o-mini', rpm: 10, tpm: 1000 },
    model_info: {
      mode: 'chat',
      litellm_provider: 'openai',
      max_input_tokens: 128_000,
      max_output_tokens: 16_384,
      input_cost_per_token: 1.5e-7,
      input_cost_per_token_priority: 2.5e-7,
      output_cost_per_token: 6e-7,
      cache_creation_input_token_cost: null,
      supports_vision: true,
      supports_reasoning: null,
    },
  },
  {
    model_name: 'gpt',
    litellm_params: { model: 'azure/gpt-4o-mini', rpm: 5, tpm: 500 },
    model_info: { mode: 'chat', max_input_tokens: 64_000, input_cost_per_token: 3e-7, output_cost_per_token: 6e-7 },
  },
  { model_name: 'cheap', model_info: { mode: 'chat', input_cost_per_token: 1e-8, output_cost_per_token: 1e-8 } },
  { model_name: 'unknown', model_info: { litellm_provider: 'anthropic', input_cost_per_token: null } },
  { model_name: 'painter', model_info: { mode: 'image_generation', max_output_tokens: 0, input_cost_per_image: 0.04 } },
];
const COMPLETION = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'x',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 },
};
const UNHEALTHY = { model: 'openai/llama', error: 'litellm.InternalServerError: Bad key sk-live-0123456789\nstack trace: …' };
const ANSWERS: Readonly<Record<string, JsonObject>> = {
  '/model/info': { data: ENTRIES },
  '/v1/models': { object: 'list', data: [{ id: 'gpt' }, { id: 'openai/gpt-4o' }] },
  '/health/readiness': { status: 'healthy', db: 'Not connected' },
  '/health': { healthy_endpoints: [{ model: 'openai/gpt-4o-mini' }], unhealthy_endpoints: [UNHEALTHY] },
  '/v1/chat/completions': COMPLETION,
};

let server: Server;
let url: string;
let refusal: number | undefined;
let asked: string[] = [];

beforeAll(async () => {
  server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url} ${req.headers.authorization}`);
    req.resume();
    const answer = refusal === undefined ? ANSWERS[req.url ?? ''] : { error: { message: 'Bad key sk-proxy-0123456789' } };
    res.writeHead(refusal ?? (answer ? 200 : 404), { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  refusal = undefined;
  asked = [];
});

const proxyAt = (baseUrl: string): ReturnType<typeof litellm> => litellm({ baseUrl, apiKey: 'sk-proxy-0123456789', env: {} });

describe('a LiteLLM proxy', () => {
  test.each(['', '/', '/v1', '/v1/'])("tells its models, with prices and limits (address with '%s')", async (path) => {
    const proxy = proxyAt(`${url}${path}`);
    expect(await proxy.discover()).toEqual([
      {
        name: 'gpt',
        mode: 'chat',
        provider: 'openai',
        price: { input: 300_000_000, output: 600_000_000 },
        limits: { requestsPerMinute: 15, tokensPerMinute: 1500 },
        maxInputTokens: 64_000,
        maxOutputTokens: 16_384,
        metadata: { supports_vision: true },
      },
      { name: 'cheap', mode: 'chat', price: { input: 10_000_000, output: 10_000_000 }, metadata: {} },
      { name: 'unknown', provider: 'anthropic', metadata: {} },
      { name: 'painter', mode: 'image_generation', price: { input: 0, output: 0, perImage: 40_000_000_000_000 }, metadata: {} },
    ]);
    expect(await proxy.availableModels()).toEqual(['gpt', 'openai/gpt-4o']);
    expect(asked).toEqual(['GET /model/info Bearer sk-proxy-0123456789', 'GET /v1/models Bearer sk-proxy-0123456789']);
  });

  test('costs what it says, in the books of the gateway', async () => {
    const proxy = proxyAt(url);
    await proxy.discover();
    const costs: unknown[] = [];
    const gateway = createGateway({
      auth: false,
      providers: [proxy],
      models: proxy.modelGroups(),
      hooks: [{ name: 'cost', phase: 'logger', handle: (ctx, next) => (ctx.defer(() => void costs.push(ctx.costNanoUsd)), next()) }],
    });
    await gateway.chat.completions.create({ model: 'gpt', messages: [{ role: 'user', content: 'x' }] });
    await gateway.close();
    expect(costs).toEqual([10 * 300 + 20 * 600]);
  });

  test('takes further models at run time, which go before what it tells', async () => {
    const proxy = proxyAt(url);
    proxy.addModel({ name: 'custom', mode: 'chat', price: { input: 1, output: 2 }, metadata: { context: 4096 } });
    proxy.addModel({ name: 'cheap', mode: 'chat', price: { input: 5_000_000_000, output: 5_000_000_000 } });
    await proxy.discover();
    expect(proxy.modelInfo('custom')).toEqual({ name: 'custom', mode: 'chat', price: { input: 1, output: 2 }, metadata: { context: 4096 } });
    expect(proxy.models().map(({ name }) => name)).toEqual(['custom', 'cheap', 'gpt', 'unknown', 'painter']);
    expect(proxy.priceOf?.('cheap')).toEqual({ input: 5_000_000_000, output: 5_000_000_000 });
    expect(proxy.modelInfo('nowhere')).toBeUndefined();
  });

  test('serves what it knows in a gateway that runs: new models, changed ones, and no longer those that are gone', async () => {
    const proxy = proxyAt(url);
    const demo = { name: 'own', operations: {} };
    const own = { name: 'cheap', deployments: [{ id: 'mine', provider: 'own', model: 'm' }] };
    const gateway = createGateway({ auth: false, providers: [proxy, demo], models: [own] });
    await proxy.discover();
    proxy.serveIn(gateway.models);
    expect(gateway.models.names).toEqual(['cheap', 'gpt', 'unknown', 'painter']);
    expect(gateway.models.resolve('gpt')?.deployments).toMatchObject([{ requestsPerMinute: 15, tokensPerMinute: 1500, maxOutputTokens: 16_384 }]);
    const before = gateway.models.resolve('gpt');
    proxy.addModel({ name: 'custom', mode: 'chat', price: { input: 1_000_000_000, output: 2_000_000_000 } });
    proxy.serveIn(gateway.models);
    expect(gateway.models.resolve('gpt')).toBe(before);
    const { usage } = (await gateway.chat.completions.create({ model: 'custom', messages: [{ role: 'user', content: 'x' }] })) as { usage?: object };
    expect(usage).toMatchObject({ prompt_tokens: 10 });
    expect(proxy.costOf('custom', { inputTokens: 1000, outputTokens: 500 })).toBe(2_000_000);
    expect(gateway.models.costs({ inputTokens: 1000, outputTokens: 500 })[0]).toEqual({
      model: 'painter',
      deployment: 'litellm_proxy/painter',
      costNanoUsd: 0,
    });
    const other = litellm({ baseUrl: url, env: {}, models: [{ name: 'gpt', price: { input: 5, output: 5 } }] });
    other.serveIn(gateway.models);
    expect(gateway.models.names).toEqual(['cheap', 'gpt']);
    expect(gateway.models.resolve('gpt')?.deployments[0]?.price).toEqual({ input: 5, output: 5 });
    await gateway.close();
  });

  test('says what a call would cost with each model, and of which it is not known', async () => {
    const proxy = proxyAt(url);
    await proxy.discover();
    expect(proxy.compareCosts({ inputTokens: 1000, outputTokens: 500 })).toEqual([
      { model: 'cheap', costNanoUsd: 15_000 },
      { model: 'gpt', costNanoUsd: 600_000 },
      { model: 'unknown', costNanoUsd: undefined },
    ]);
    expect(proxy.compareCosts({ inputTokens: 0, outputTokens: 0, images: 2 }, 'image_generation')[0]).toEqual({ model: 'painter', costNanoUsd: 80_000_000 });
  });

  test('is asked for its health at no cost, and for that of its models on demand', async () => {
    expect(await proxyAt(url).health()).toEqual({ isHealthy: true, latencyMs: expect.any(Number) });
    expect(await proxyAt(url).checkModels()).toEqual({
      healthy: ['openai/gpt-4o-mini'],
      unhealthy: [{ model: 'openai/llama', reason: 'litellm.InternalServerError: Bad key [redacted]' }],
    });
    refusal = 503;
    expect(await proxyAt(url).health()).toMatchObject({ isHealthy: false, reason: expect.any(String) });
    expect(await proxyAt('http://127.0.0.1:1').health()).toMatchObject({ isHealthy: false, reason: 'The proxy at http://127.0.0.1:1 cannot be reached' });
  });

  test('that refuses is an error without the key', async () => {
    refusal = 401;
    await expect(proxyAt(url).discover()).rejects.toMatchObject({ code: 'upstream_authentication', message: 'Bad key [redacted]' });
  });
});

test('is enabled by its address, with or without a key', () => {
  expect(provider.discover({ LITELLM_API_KEY: 'k' })).toEqual([]);
  const [found] = provider.discover({ LITELLM_BASE_URL: 'http://127.0.0.1:4000', LITELLM_API_KEY: 'k' });
  expect([found?.provider.name, found?.deployment.baseUrl, found?.deployment.apiKey?.reveal()]).toEqual(['litellm_proxy', 'http://127.0.0.1:4000', 'k']);
});

test('reranks and reads documents at the paths of the proxy', async () => {
  const answer = { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"results":[],"pages":[]}') };
  const asking = { provider: proxyAt(url), recording: answer } as const;
  expect((await ask({ ...asking, operation: 'rerank', request: { model: 'm', query: 'q', documents: ['d'] } })).sent?.url).toBe(`${url}/v1/rerank`);
  const document = { type: 'document_url', document_url: 'https://example.com/a.pdf' };
  expect((await ask({ ...asking, operation: 'ocr', request: { model: 'm', document } })).sent?.url).toBe(`${url}/v1/ocr`);
});

const request = { model: 'm', messages: [{ role: 'user', content: 'How "warm"?' }] };
const chunk = (delta: object, finish: string | null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const fixtures: readonly ProviderFixture[] = [
  {
    name: 'a whole answer',
    operation: 'chat',
    request,
    answer: { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(COMPLETION)) },
    expected: { text: 'hi', finish: 'stop', inputTokens: 10, outputTokens: 20 },
  },
  {
    name: 'a stream',
    operation: 'chat',
    request: { ...request, stream: true },
    answer: {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: Buffer.from(`${chunk({ role: 'assistant', content: 'Bon' }, null)}${chunk({ content: 'jöur' }, null)}${chunk({}, 'stop')}data: [DONE]\n\n`),
    },
    expected: { text: 'Bonjöur', finish: 'stop' },
  },
  {
    name: 'an error',
    operation: 'chat',
    request,
    answer: {
      status: 429,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"error":{"message":"litellm.RateLimitError: slow down","type":"throttling_error","param":null,"code":"429"}}'),
    },
    expected: { error: { status: 429, message: /slow down/ } },
  },
];
for (const { name, run } of providerContract({ provider: litellm({ env: {} }), fixtures })) test(name, run);
