import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { type Deployment, type JsonObject, type ModelRequest, type Operation, secret } from '@sluice/core';
import { aiSdk, type AiSdkSource } from '@sluice/provider-ai-sdk';
import { type Answered, ask, readTold, replayUpstream, type ReplayUpstream } from '@sluice/testing';
import { createAnthropic as createAnthropic4 } from 'ai-sdk-anthropic-4';
import { createMistral as createMistral4 } from 'ai-sdk-mistral-4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, type RecordedExchange, recordedExchanges, recordingOf } from '../support/recordings.ts';

// The official packages of the AI SDK, of both versions of its specification, read what the hosts once answered on a
// socket of this machine; the gateway reads the packages.
let upstream: ReplayUpstream;
beforeAll(async () => {
  upstream = await replayUpstream();
});
afterAll(() => upstream.close());

type Under = { readonly source: AiSdkSource; readonly path: string; readonly model?: string };

function asking(exchange: RecordedExchange, { source, path, model = 'recorded' }: Under, operation: Operation, request: ModelRequest): Promise<Answered> {
  upstream.answer(recordingOf(exchange), { cut: { seed: 5 } });
  const deployment: Partial<Deployment> = { baseUrl: `${upstream.url}${path}`, apiKey: secret('sk-recorded-0123456789'), model };
  return ask({ provider: aiSdk(source, { name: 'under-test' }), operation, request, deployment });
}

const CHATS: readonly (readonly [string, string, string, Under])[] = [
  ['@ai-sdk/anthropic 3', 'anthropic', 'messages', { source: createAnthropic, path: '/v1', model: 'claude-sonnet-4-5' }],
  ['@ai-sdk/anthropic 4', 'anthropic', 'messages', { source: createAnthropic4, path: '/v1', model: 'claude-sonnet-4-5' }],
  ['@ai-sdk/mistral 4', 'mistral', 'chat', { source: createMistral4, path: '/v1', model: 'mistral-small-latest' }],
];

for (const [name, folder, surface, under] of CHATS) {
  describe(`${name} in front of recordings of ${folder}`, () => {
    const exchanges = recordedExchanges(folder, surface as 'chat').filter(isAskable);

    test('are there', (ctx) => {
      if (exchanges.length === 0) ctx.skip('no recordings beside the checkout');
    });

    test.each(exchanges.map((exchange) => [exchange.id, exchange] as const))('%s', async (_, exchange) => {
      const stream = exchange.request.json?.stream === true;
      const tools = (exchange.digest.tool_calls ?? []).map((call) => ({ type: 'function', function: { name: call.name, parameters: { type: 'object' } } }));
      const messages = [{ role: 'user', content: 'recorded' }];
      const answered = await asking(exchange, under, 'chat', { model: 'm', messages, ...(stream && { stream }), ...(tools.length > 0 && { tools }) });
      check(exchange, answered);
    });
  });
}

function check({ response, digest }: RecordedExchange, { status, contentType, text, usage }: Answered): void {
  const told = readTold(contentType, text);
  expect(text).not.toContain('sk-recorded');
  if (response.status >= 400 || digest.stream_error !== undefined) {
    expect(Object.keys(told.error ?? {}).sort()).toEqual(['code', 'message', 'param', 'type']);
    if (response.status >= 400)
      expect(status).toBe(response.status >= 500 ? (response.status === 503 || response.status === 529 ? 503 : 502) : response.status);
    return;
  }
  expect(status, text).toBe(200);
  expect(told.isComplete, text.slice(-500)).toBe(true);
  expect(told.text).toBe(digest.text ?? '');
  expect(told.toolCalls.map(({ name, arguments: given }) => ({ name, args: JSON.parse(given) as unknown }))).toEqual(
    (digest.tool_calls ?? []).map(({ name, args }) => ({ name, args })),
  );
  if (digest.usage?.output !== undefined) expect(usage?.outputTokens).toBe(digest.usage.output);
}

const PLAIN: readonly (readonly [Operation, ModelRequest, Under])[] = [
  ['embeddings', { model: 'm', input: ['a'] }, { source: createOpenAI, path: '/v1', model: 'text-embedding-3-small' }],
  ['images.generate', { model: 'm', prompt: 'a' }, { source: createOpenAI, path: '/v1', model: 'gpt-image-1' }],
  ['audio.speech', { model: 'm', input: 'a', voice: 'alloy' }, { source: createOpenAI, path: '/v1', model: 'tts-1' }],
  ['audio.transcribe', { model: 'm' }, { source: createOpenAI, path: '/v1', model: 'whisper-1' }],
];

for (const [operation, request, under] of PLAIN) {
  describe(`@ai-sdk/openai 3 in front of recordings of ${operation}`, () => {
    const exchanges = recordedExchanges('openai', operation).filter((exchange) => isReadable(operation, exchange));

    test('are there', (ctx) => {
      if (exchanges.length === 0) ctx.skip('no recordings beside the checkout');
    });

    test.each(exchanges.map((exchange) => [exchange.id, exchange] as const))('%s', async (_, exchange) => {
      const { status, bytes, text } = await asking(exchange, under, operation, request);
      if (exchange.response.status >= 400) {
        expect(status).toBe(exchange.response.status);
        return;
      }
      expect(status, text).toBe(200);
      const recorded = exchange.response.json as { readonly data?: readonly object[]; readonly text?: string };
      if (operation === 'audio.speech') expect(bytes).toEqual(bytesOf(exchange));
      else if (operation === 'audio.transcribe') expect(JSON.parse(text)).toMatchObject({ text: recorded.text });
      else expect((JSON.parse(text) as { readonly data: object[] }).data.length).toBe(recorded.data?.length);
    });
  });
}

/** The AI SDK cannot ask for several answers. */
function isAskable({ request, response }: RecordedExchange): boolean {
  return response.status !== 0 && (request.json?.n ?? 1) === 1;
}

/** The package asks for numbers, pictures as data and transcripts without speakers, so it reads no answers of other forms. */
function isReadable(operation: Operation, { response: { format, json, status } }: RecordedExchange): boolean {
  if (operation === 'audio.speech') return format === 'binary';
  const { data: [first] = [], segments } = (json ?? {}) as { readonly data?: readonly JsonObject[]; readonly segments?: readonly JsonObject[] };
  if (format !== 'json' || status >= 400) return format === 'json';
  if (operation === 'embeddings') return Array.isArray(first?.embedding);
  return operation === 'images.generate' ? first?.b64_json !== undefined : segments?.[0]?.speaker === undefined;
}
