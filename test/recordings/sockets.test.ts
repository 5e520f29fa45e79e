import { createGateway, type JsonObject, secret } from '@sluice/core';
import { ask, type ReplayUpstream, replayUpstream } from '@sluice/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordedExchanges, recordingOf, requestOf } from '../support/recordings.ts';
import { providerNamed } from '../support/provider-named.ts';

let upstream: ReplayUpstream;

beforeAll(async () => {
  upstream = await replayUpstream();
});
afterAll(() => upstream.close());

describe('recorded streams read the same over a real connection, cut at odd places', () => {
  const hosts = ['openai', 'groq', 'mistral', 'perplexity', 'openrouter', 'deepseek', 'llamacpp'];
  test.each(hosts)('%s', async (host) => {
    const provider = providerNamed(host);
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
      const sent = JSON.parse(received?.body.toString() ?? '') as JsonObject;
      expect(sent.model).toBe('their-model');
      expect(withoutIds(sent.messages)).toEqual(withoutIds(exchange.request.json?.messages));
    }
    await gateway.close();
  });

  test('are there', (ctx) => {
    if (recordedExchanges('openai', 'chat').length === 0) ctx.skip('no recordings beside the checkout');
  });
});

/** Ids of tool calls that a recorder has masked are no ids that Mistral takes. */
function withoutIds(messages: unknown): unknown {
  return JSON.parse(JSON.stringify(messages), (field, value: unknown) => (field === 'id' || field === 'tool_call_id' ? undefined : value));
}
