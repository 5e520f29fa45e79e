import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, ModelRequest } from '@sluice/core';
import { gemini, vertex } from '@sluice/provider-google';
import { type Answered, ask, readTold, type Recording, type ReplayOptions } from '@sluice/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { bytesOf, type RecordedExchange, recordingOf } from '../support/recordings.ts';
import { sharedPath } from '../support/shared.ts';

const FOLDERS = ['gemini/generateContent', 'gemini/streamGenerateContent', 'vertex/generateContent', 'vertex/streamGenerateContent'] as const;
const CUTS: readonly ReplayOptions[] = [{ cut: 'bytes' }, { cut: { seed: 7 } }, { cut: { seed: 8 } }];
/** Reasons in words, and in numbers where the caller asked for those. */
const FINISH: Readonly<Record<string, string>> = {
  STOP: 'stop',
  1: 'stop',
  MAX_TOKENS: 'length',
  2: 'length',
  SAFETY: 'content_filter',
  MODEL_ARMOR: 'content_filter',
  'BLOCK:MODEL_ARMOR': 'content_filter',
};
/** What the streams answer whose arguments come in pieces; the digests leave them out. */
const IN_PIECES: Readonly<Record<string, { readonly name: string; readonly args: JsonObject }>> = {
  'vertex-streamGenerateContent-38ec8a5f': { name: 'greet', args: { greeting: 'Hello', name: 'jone smith' } },
  'vertex-streamGenerateContent-6dbb1746': {
    name: 'getCurrentWeather',
    args: { country: 'USA', location: 'NewYorkCity', purpose: 'to know what to wear today', unit: 'C' },
  },
};

const PROVIDERS = { gemini: gemini({ env: {} }), vertex: vertex({ env: {} }) };
const counts = { answered: 0, streams: 0, errors: 0 };

for (const folder of FOLDERS) {
  describe(`recordings of ${folder}`, () => {
    const exchanges = read(folder);
    test('are there', (ctx) => {
      if (exchanges.length === 0) ctx.skip('no recordings beside the checkout');
    });

    test.each(exchanges.map((exchange) => [exchange.id, exchange] as const))('%s', async (_, exchange) => {
      const answered = await asking(exchange);
      check(exchange, answered);
      if (!isStream(exchange)) return;
      for (const replay of CUTS) expect(lasting(await asking(exchange, replay))).toEqual(lasting(answered));
    });
  });
}

function read(folder: string): readonly RecordedExchange[] {
  const path = sharedPath('recordings', 'recordings', ...folder.split('/'));
  if (path === undefined) return [];
  return readdirSync(path).map((file) => JSON.parse(readFileSync(join(path, file), 'utf8')) as RecordedExchange);
}

function isStream({ request }: RecordedExchange): boolean {
  return request.url.includes(':streamGenerateContent');
}

function asking(exchange: RecordedExchange, replay?: ReplayOptions): Promise<Answered> {
  const stream = isStream(exchange);
  const request: ModelRequest = {
    model: 'recorded',
    messages: [{ role: 'user', content: 'x' }],
    ...(stream && { stream, stream_options: { include_usage: true } }),
  };
  return ask({
    provider: PROVIDERS[exchange.provider as keyof typeof PROVIDERS],
    operation: 'chat',
    request,
    recording: typed(exchange),
    ...(replay && { replay }),
  });
}

/** Some recorders kept no content type. */
function typed(exchange: RecordedExchange): Recording {
  const { status, headers } = recordingOf(exchange);
  return {
    status,
    headers: { 'content-type': exchange.response.format === 'sse' ? 'text/event-stream' : 'application/json', ...headers },
    body: bytesOf(exchange),
  };
}

function lasting({ contentType, text }: Answered): JsonObject {
  const { text: said, reasoning, toolCalls, finish, usage, isComplete } = readTold(contentType, text);
  return { said, reasoning, toolCalls, finish, usage, isComplete };
}

function check({ id, response, digest }: RecordedExchange, { status, contentType, text, usage }: Answered): void {
  const told = readTold(contentType, text);
  if (response.status >= 400) {
    counts.errors += 1;
    expect(status).toBe(response.status);
    expect(told.error?.message).toBe(digest.error_message);
    expect(Object.keys(told.error ?? {}).sort()).toEqual(['code', 'message', 'param', 'type']);
    return;
  }
  expect(status, text).toBe(200);
  expect(told.isComplete).toBe(true);
  expect(told.text).toBe(firstOf(digest.text ?? '', response.json));
  const pieces = IN_PIECES[id];
  const calls = pieces ? [pieces] : (digest.tool_calls ?? []);
  expect(told.toolCalls.map(({ name, arguments: given }) => ({ name, args: JSON.parse(given) as unknown }))).toEqual(
    calls.map(({ name, args }) => ({ name, args })),
  );
  const ids = told.toolCalls.map((call) => call.id);
  expect(new Set(ids).size).toBe(calls.length);
  expect(ids.every(Boolean)).toBe(true);
  const finish = FINISH[digest.finish ?? ''];
  expect(told.finish).toBe(finish === 'stop' && calls.length > 0 ? 'tool_calls' : finish);
  expect(told.reasoning !== '').toBe((digest.reasoning_chars ?? 0) > 0);
  if (digest.usage) {
    const { input = 0, output = 0, reasoning = 0, total = 0, cached = 0 } = digest.usage;
    assert.equal(told.usage?.completion_tokens, output + reasoning);
    // What built-in tools have read stands only in the total, and is input too.
    assert.equal(told.usage?.prompt_tokens, total - output - reasoning);
    assert.ok(total - output - reasoning >= input);
    assert.equal(usage?.outputTokens, output + reasoning);
    assert.equal(usage?.cachedInputTokens ?? 0, cached);
    assert.equal(usage?.reasoningTokens ?? 0, reasoning);
  }
  counts.answered += 1;
  if (contentType.startsWith('text/event-stream')) counts.streams += 1;
}

/** The digests join the texts of all candidates. */
function firstOf(text: string, body: unknown): string {
  const { candidates = [] } = (body ?? {}) as {
    readonly candidates?: readonly { readonly content?: { readonly parts?: readonly { readonly text?: string; readonly thought?: boolean }[] } }[];
  };
  if (candidates.length < 2) return text;
  return (candidates[0]?.content?.parts ?? []).map((part) => (part.thought ? '' : (part.text ?? ''))).join('');
}

type Vector = { readonly values: readonly number[] };
type EmbeddingsAnswer = {
  readonly embeddings?: readonly Vector[];
  readonly embedding?: Vector;
  readonly predictions?: readonly { readonly embeddings: Vector & { readonly statistics: { readonly token_count: number } } }[];
  readonly usageMetadata?: { readonly promptTokenCount: number };
  readonly error?: JsonObject;
};

/** Which model each way of embedding belongs to. */
const EMBEDDINGS = { 'gemini/batchEmbedContents': 'gemini-embedding-001', 'vertex/predict': 'text-embedding-005', 'vertex/embedContent': 'gemini-embedding-2' };

describe.each(Object.entries(EMBEDDINGS))('recordings of %s', (folder, model) => {
  const exchanges = read(folder);

  test('are there', (ctx) => {
    if (exchanges.length === 0) ctx.skip('no recordings beside the checkout');
  });

  test.each(exchanges.map((exchange) => [exchange.id, exchange] as const))('%s', async (_, exchange) => {
    const provider = PROVIDERS[exchange.provider as keyof typeof PROVIDERS];
    const answered = await ask({
      provider,
      operation: 'embeddings',
      request: { model: 'recorded', input: ['x'] },
      recording: typed(exchange),
      deployment: { model },
    });
    const reply = JSON.parse(answered.text) as { readonly data?: readonly { readonly embedding: unknown }[]; readonly error?: JsonObject };
    const { embeddings, embedding, predictions, usageMetadata, error } = exchange.response.json as EmbeddingsAnswer;
    const vectors = embeddings ?? (embedding && [embedding]) ?? predictions?.map((prediction) => prediction.embeddings);
    expect(answered.status).toBe(exchange.response.status);
    expect(reply.error?.message).toBe(error?.message);
    expect(reply.data?.map((item) => item.embedding)).toEqual(vectors?.map(({ values }) => values));
    const told = usageMetadata?.promptTokenCount ?? predictions?.reduce((sum, prediction) => sum + prediction.embeddings.statistics.token_count, 0);
    if (told !== undefined) expect(answered.usage?.inputTokens).toBe(told);
  });
});

afterAll(() => console.log(`google: ${counts.answered} answered right (${counts.streams} streams, each cut 3 ways), ${counts.errors} errors`));
