import assert from 'node:assert/strict';
import type { JsonObject, ModelRequest } from '@sluice/core';
import { anthropic } from '@sluice/provider-anthropic';
import { type Answered, ask, readTold, type ReplayOptions } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { type RecordedExchange, recordedExchanges, recordingOf } from '../support/recordings.ts';

const CUTS: readonly ReplayOptions[] = [{ cut: 'bytes' }, { cut: { seed: 7 } }, { cut: { seed: 8 } }];

const FINISH: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  refusal: 'content_filter',
};

type Digest = RecordedExchange['digest'] & { readonly error_type?: string; readonly usage?: { readonly cache_write?: number } };

describe('recorded answers of Messages', () => {
  const provider = anthropic({ env: {} });
  const exchanges = recordedExchanges('anthropic', 'messages' as 'chat').filter(({ response }) => response.status !== 0);

  /** What a caller of chat would have asked: the recorded requests are of the other API. */
  const asking = ({ request }: RecordedExchange): ModelRequest => ({
    model: request.json?.model ?? 'recorded',
    messages: [{ role: 'user', content: 'recorded' }],
    ...(request.json?.stream === true && { stream: true, stream_options: { include_usage: true } }),
  });
  const answered = (exchange: RecordedExchange, replay?: ReplayOptions): Promise<Answered> =>
    ask({
      provider,
      deployment: { model: exchange.request.json?.model ?? 'recorded' },
      operation: 'chat',
      request: asking(exchange),
      recording: recordingOf(exchange),
      ...(replay && { replay }),
    });

  test('are there', (ctx) => {
    if (exchanges.length === 0) ctx.skip('no recordings beside the checkout');
  });

  test.each(exchanges.map((exchange) => [exchange.id, exchange] as const))('%s', async (_, exchange) => {
    const whole = await answered(exchange);
    check(exchange, whole);
    if (exchange.request.json?.stream !== true) return;
    const told = readTold(whole.contentType, whole.text);
    for (const replay of CUTS) expect({ ...readTold(whole.contentType, (await answered(exchange, replay)).text) }).toEqual(told);
  });
});

function check({ response, digest }: RecordedExchange, { status, contentType, text, usage }: Answered): void {
  const told = readTold(contentType, text);
  if (response.status >= 400) {
    // Callers have a key of the gateway's; that the provider's is refused is no news for them.
    expect(status).toBeGreaterThanOrEqual(400);
    expect(Object.keys(told.error ?? {}).sort()).toEqual(['code', 'message', 'param', 'type']);
    return;
  }
  expect(status, text).toBe(200);
  expect(told.isComplete).toBe(true);
  expect(told.text).toBe(digest.text ?? '');
  expect(told.toolCalls.map(({ id, name, arguments: given }) => ({ id, name, args: JSON.parse(given) as JsonObject }))).toEqual(digest.tool_calls ?? []);
  expect(told.finish).toBe(FINISH[digest.finish ?? 'end_turn']);
  expect(told.reasoning.length).toBe(isWithheld(response.json) ? 0 : (digest.reasoning_chars ?? 0));
  checkUsage(digest as Digest, usage, told.usage);
}

/** A thought that the provider keeps to itself: the digests count it as the word for one. */
function isWithheld(body: unknown): boolean {
  const { content = [] } = (body ?? {}) as { readonly content?: readonly { readonly type: string; readonly thinking?: string }[] };
  return content.some(({ type, thinking }) => type === 'thinking' && thinking === '');
}

/** The provider counts cached and newly cached input beside the rest. */
function checkUsage({ usage: recorded }: Digest, counted: Answered['usage'], told: JsonObject | undefined): void {
  if (!recorded) return;
  const {
    input = 0,
    output = 0,
    cached = 0,
    cache_write: written = 0,
    reasoning = 0,
  } = recorded as NonNullable<Digest['usage']> & { readonly reasoning?: number };
  const inputTokens = input + cached + written;
  assert.deepEqual([told?.prompt_tokens, told?.completion_tokens], [inputTokens, output]);
  const {
    inputTokens: countedInput,
    outputTokens,
    cachedInputTokens = 0,
    cacheWriteInputTokens = 0,
    reasoningTokens = 0,
  } = counted ?? { inputTokens: 0, outputTokens: 0 };
  assert.deepEqual([countedInput, outputTokens, cachedInputTokens, cacheWriteInputTokens, reasoningTokens], [inputTokens, output, cached, written, reasoning]);
}
