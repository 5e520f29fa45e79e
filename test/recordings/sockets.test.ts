import { createGateway, secret } from '@sluice/core';
import { presetProvider } from '@sluice/provider-openai';
import { ask, type ReplayUpstream, replayUpstream } from '@sluice/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordedExchanges, recordingOf, requestOf } from '../support/recordings.ts';

let upstream: ReplayUpstream;

beforeAll(async () => {
  upstream = await replayUpstream();
});
afterAll(() => upstream.close());

describe('recorded streams read the same over a real connection, cut at odd places', () => {
  const hosts = ['openai', 'groq', 'mistral', 'perplexity', 'openrouter', 'deepseek', 'llamacpp'];
  test.each(hosts)('%s', async (host) => {
    const provider = presetProvider(host);
    const gateway = createGateway({
      auth: false,
      providers: [provider],
      models: [{ name: 'm', deployments: [{ id: 'd', provider: host, model: 'their-model', baseUrl: `${upstream.url}/v1`, apiKey: secret('sk-test') }] }],
      router: { retries: 0 },
    });
    const streams = recordedExchanges(host, 'chat').filter(({ response, request }) => response.status === 200 && request.json?.stream === true);
    for (const [index, exchange] of streams.entries()) {
      const recording = recordingOf(exchange);
      upstream.answer(recording, { cut: { seed: index } });
      const body = JSON.stringify({ ...requestOf(exchange), model: 'm' });
      const response = await gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const direct = await ask({ provider, operation: 'chat', request: requestOf(exchange), recording });
      expect(await response.text()).toBe(direct.text);

      const received = upstream.requests.at(-1);
      expect(received?.path).toBe('/v1/chat/completions');
      expect(received?.headers).toMatchObject({ authorization: 'Bearer sk-test', 'accept-encoding': 'identity' });
      expect(JSON.parse(received?.body.toString() ?? '')).toMatchObject({ model: 'their-model', messages: exchange.request.json?.messages });
    }
    await gateway.close();
  });

  test('are there', (ctx) => {
    if (recordedExchanges('openai', 'chat').length === 0) ctx.skip('no recordings beside the checkout');
  });
});
