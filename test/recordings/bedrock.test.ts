import assert from 'node:assert/strict';
import type { JsonObject, ModelRequest } from '@sluice/core';
import { bedrock } from '@sluice/provider-bedrock';
import { type Answered, ask, readTold, type Recording, type ReplayOptions } from '@sluice/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { bytesOf, type RecordedExchange, recordedExchanges } from '../support/recordings.ts';

const CUTS: readonly ReplayOptions[] = [{ cut: 'bytes' }, { cut: { seed: 7 } }, { cut: { seed: 8 } }];
const TYPES: Readonly<Record<string, string>> = { json: 'application/json' };
const STREAM = 'application/vnd.amazon.eventstream';
const FINISH: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  guardrail_intervened: 'content_filter',
};

type Exchange = RecordedExchange & { readonly edited?: readonly string[] };
type Digest = RecordedExchange['digest'] & { readonly usage?: { readonly cache_write?: number } };

const provider = bedrock({ region: 'us-east-1', env: {} });
const counts = { answered: 0, streams: 0, broken: 0, errors: 0 };

for (const surface of ['converse', 'converse-stream'] as const) {
  describe(`recordings of ${surface}`, () => {
    const exchanges: readonly Exchange[] = recordedExchanges('bedrock', surface as 'chat');

    test('are there', (ctx) => {
      if (exchanges.length === 0) ctx.skip('no recordings beside the checkout');
    });

    test.each(exchanges.map((exchange) => [exchange.id, exchange] as const))('%s', async (_, exchange) => {
      const answered = await asking(exchange);
      expect(answered.sent?.url.replace('%3A', ':')).toBe(exchange.request.url.replace('%3A', ':').replace('us-west-2', 'us-east-1'));
      check(exchange, answered);
      if (!isStream(exchange)) return;
      for (const replay of CUTS) expect(lasting(await asking(exchange, replay))).toEqual(lasting(answered));
    });
  });
}

function isStream({ request }: RecordedExchange): boolean {
  return request.url.endsWith('-stream');
}

function asking(exchange: RecordedExchange, replay?: ReplayOptions): Promise<Answered> {
  const stream = isStream(exchange);
  const request: ModelRequest = {
    model: 'recorded',
    messages: [{ role: 'user', content: 'x' }],
    ...(stream && { stream, stream_options: { include_usage: true } }),
  };
  const model = decodeURIComponent(/\/model\/([^/]+)\//.exec(exchange.request.url)?.[1] ?? '');
  return ask({ provider, operation: 'chat', request, deployment: { model }, recording: typed(exchange), ...(replay && { replay }) });
}

/** Some recorders kept no content type, or put a word in its place. */
function typed(exchange: RecordedExchange): Recording {
  const { status, headers, format } = exchange.response;
  return { status, headers: { ...headers, 'content-type': TYPES[format] ?? STREAM }, body: bytesOf(exchange) };
}

function lasting({ contentType, text }: Answered): JsonObject {
  const { text: said, reasoning, toolCalls, finish, usage, isComplete, error } = readTold(contentType, text);
  return { said, reasoning, toolCalls, finish, usage, isComplete, error };
}

function check({ response, digest, edited = [] }: Exchange, { status, contentType, text, usage }: Answered): void {
  const told = readTold(contentType, text);
  if (response.status >= 400) {
    counts.errors += 1;
    expect(status).toBe(response.status);
    expect(told.error?.message).toBe(digest.error_message);
    expect(Object.keys(told.error ?? {}).sort()).toEqual(['code', 'message', 'param', 'type']);
    return;
  }
  expect(status, text).toBe(200);
  if (edited.some((what) => what.startsWith('response body cut'))) {
    counts.broken += 1;
    expect(told).toMatchObject({ isComplete: false, error: { code: 'upstream_stream_broken' } });
    expect(digest.text?.startsWith(told.text)).toBe(true);
    return;
  }
  expect(told.isComplete).toBe(true);
  expect(told.text).toBe(digest.text ?? '');
  const calls = (digest.tool_calls ?? []).filter(({ name }) => !name.startsWith('nova_'));
  expect(told.toolCalls.map(({ name, arguments: given }) => ({ name, args: JSON.parse(given) as unknown }))).toEqual(
    calls.map(({ name, args }) => ({ name, args })),
  );
  expect(told.finish).toBe(FINISH[digest.finish ?? '']);
  expect(told.reasoning.length).toBe(digest.reasoning_chars ?? 0);
  checkUsage(digest as Digest, usage, told.usage);
  counts.answered += 1;
  if (contentType.startsWith('text/event-stream')) counts.streams += 1;
}

/** Bedrock counts cached and newly cached input beside the rest. */
function checkUsage({ usage: recorded }: Digest, counted: Answered['usage'], told: JsonObject | undefined): void {
  const { input = 0, output = 0, total = 0, cached = 0, cache_write: written = 0 } = recorded ?? {};
  assert.deepEqual([told?.prompt_tokens, told?.completion_tokens, told?.total_tokens], [input + cached + written, output, total]);
  const { inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteInputTokens = 0 } = counted ?? { inputTokens: 0, outputTokens: 0 };
  assert.deepEqual([inputTokens, outputTokens, cachedInputTokens, cacheWriteInputTokens], [input + cached + written, output, cached, written]);
}

afterAll(() =>
  console.log(
    `bedrock: ${counts.answered} answered right (${counts.streams} streams, each cut 3 ways), ${counts.broken} told as broken, ${counts.errors} errors`,
  ),
);
