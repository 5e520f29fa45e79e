import { readFileSync } from 'node:fs';
import { type JsonObject, type Price, toNanoUsd, toPrice } from '@sluice/core';
import { anthropic } from '@sluice/provider-anthropic';
import { azure } from '@sluice/provider-azure';
import { ask } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../support/shared.ts';

type Counts = Readonly<Record<string, number | undefined>>;
type Case = {
  readonly name: string;
  readonly usage: Counts;
  readonly expected: { readonly prompt_tokens: number; readonly completion_tokens: number; readonly spend: number };
};
type Oracle = { readonly models: readonly { readonly model: string; readonly rates: JsonObject; readonly cases: readonly Case[] }[] };

const path = sharedPath('recordings', 'litellm-oracles', 'cost.json');
const oracle = path === undefined ? undefined : (JSON.parse(readFileSync(path, 'utf8')) as Oracle);

/** The answer of each provider that reports these counts in its own words. */
const ANSWERS: Readonly<Record<string, (usage: Counts, serviceTier: string) => JsonObject>> = { anthropic: message, azure: completion };
const PROVIDERS = { anthropic: anthropic({ env: {} }), azure: azure({ env: {} }) } as const;

describe('costs are those of an independent calculator', () => {
  test("in every case, from the provider's answer to the bill", async (ctx) => {
    if (!oracle) return ctx.skip('the outside evidence is not beside this checkout');
    let compared = 0;
    for (const { model, rates, cases } of oracle.models) {
      const name = String(rates.litellm_provider) as keyof typeof PROVIDERS;
      for (const { name: what, usage, expected } of cases) {
        const answer = ANSWERS[name]?.(usage, what.startsWith('service_tier_') ? what.slice('service_tier_'.length) : 'default') ?? {};
        const answered = await ask({
          provider: PROVIDERS[name],
          operation: 'chat',
          request: { model, messages: [{ role: 'user', content: 'Hello' }] },
          deployment: { baseUrl: 'https://provider.example', price: toPrice(rates) as Price },
          recording: { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(answer)) },
        });
        expect([answered.usage?.inputTokens, answered.usage?.outputTokens], `${model} ${what}`).toEqual([expected.prompt_tokens, expected.completion_tokens]);
        expect(answered.costNanoUsd, `${model} ${what}`).toBe(toNanoUsd(expected.spend.toFixed(9)));
        compared += 1;
      }
    }
    expect(compared).toBe(19);
  });
});

/** Anthropic counts what it has cached, or caches now, beside the rest. */
function message(usage: Counts): JsonObject {
  const { fresh_input_tokens, cache_read_tokens = 0, cache_write_5m_tokens = 0, cache_write_1h_tokens = 0, output_tokens, web_search_calls } = usage;
  return {
    id: 'msg_1',
    model: 'claude',
    content: [{ type: 'text', text: 'Hi' }],
    stop_reason: 'end_turn',
    usage: {
      input_tokens: fresh_input_tokens,
      output_tokens,
      cache_read_input_tokens: cache_read_tokens,
      cache_creation_input_tokens: cache_write_5m_tokens + cache_write_1h_tokens,
      cache_creation: { ephemeral_5m_input_tokens: cache_write_5m_tokens, ephemeral_1h_input_tokens: cache_write_1h_tokens },
      ...(web_search_calls !== undefined && { server_tool_use: { web_search_requests: web_search_calls } }),
    },
  };
}

/** OpenAI counts them within; of lifetimes and of searches it has no word, so they are told in Anthropic's. */
function completion(usage: Counts, service_tier: string): JsonObject {
  const { fresh_input_tokens = 0, cache_read_tokens = 0, cache_write_5m_tokens = 0, cache_write_1h_tokens = 0, audio_input_tokens = 0 } = usage;
  const { output_tokens = 0, reasoning_tokens = 0, audio_output_tokens = 0, web_search_calls } = usage;
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'gpt',
    service_tier,
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: fresh_input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens + audio_input_tokens,
      completion_tokens: output_tokens + reasoning_tokens + audio_output_tokens,
      prompt_tokens_details: {
        cached_tokens: cache_read_tokens,
        cache_write_tokens: cache_write_5m_tokens + cache_write_1h_tokens,
        audio_tokens: audio_input_tokens,
      },
      completion_tokens_details: { reasoning_tokens, audio_tokens: audio_output_tokens },
      cache_creation: { ephemeral_1h_input_tokens: cache_write_1h_tokens },
      ...(web_search_calls !== undefined && { server_tool_use: { web_search_requests: web_search_calls } }),
    },
  };
}
