import { readFileSync } from 'node:fs';
import { costOf, type Price, toNanoUsd, type Usage } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../support/shared.ts';

type Rates = Readonly<Record<string, unknown>>;
type Case = {
  readonly name: string;
  readonly usage: Readonly<Record<string, number | undefined>>;
  readonly expected: { readonly prompt_tokens: number; readonly completion_tokens: number; readonly spend: number };
};
type Oracle = { readonly models: readonly { readonly model: string; readonly rates: Rates; readonly cases: readonly Case[] }[] };

/** What our prices do not know yet: caches of an hour, service tiers, and searches. */
const NOT_COMPARABLE = ['cache_write_1h_tokens', 'web_search_calls'] as const;

const path = sharedPath('recordings', 'litellm-oracles', 'cost.json');
const oracle = path === undefined ? undefined : (JSON.parse(readFileSync(path, 'utf8')) as Oracle);

describe('costs are those of an independent calculator', () => {
  test('in every case that is comparable', (ctx) => {
    if (!oracle) return ctx.skip('the outside evidence is not beside this checkout');
    let compared = 0;
    for (const { model, rates, cases } of oracle.models) {
      for (const { name, usage, expected } of cases) {
        if (name.startsWith('service_tier') || NOT_COMPARABLE.some((field) => usage[field] !== undefined)) continue;
        const ours = toUsage(usage);
        expect([ours.inputTokens, ours.outputTokens], `${model} ${name}`).toEqual([expected.prompt_tokens, expected.completion_tokens]);
        expect(costOf(ours, toPrice(rates)), `${model} ${name}`).toBe(toNanoUsd(expected.spend.toFixed(9)));
        compared += 1;
      }
    }
    expect(compared).toBe(11);
  });
});

function toUsage(usage: Case['usage']): Usage {
  const { fresh_input_tokens: fresh = 0, cache_read_tokens: cached = 0, cache_write_5m_tokens: written = 0, audio_input_tokens: audioIn = 0 } = usage;
  const { output_tokens: text = 0, reasoning_tokens: reasoning = 0, audio_output_tokens: audioOut = 0 } = usage;
  return {
    inputTokens: fresh + cached + written + audioIn,
    outputTokens: text + reasoning + audioOut,
    cachedInputTokens: cached,
    cacheWriteInputTokens: written,
    audioInputTokens: audioIn,
    reasoningTokens: reasoning,
    audioOutputTokens: audioOut,
  };
}

function toPrice(rates: Rates): Price {
  // Their rates are doubles of dollars a token; six digits of a million take the rounding error off.
  const perMillion = (name: string): number => toNanoUsd((Number(rates[name]) * 1e6).toFixed(6));
  const optional = (ours: keyof Price, theirs: string): Partial<Price> => (theirs in rates ? { [ours]: perMillion(theirs) } : {});
  const parts = {
    input: perMillion('input_cost_per_token'),
    output: perMillion('output_cost_per_token'),
    ...optional('cachedInput', 'cache_read_input_token_cost'),
    ...optional('cacheWriteInput', 'cache_creation_input_token_cost'),
    ...optional('audioInput', 'input_cost_per_audio_token'),
    ...optional('reasoning', 'output_cost_per_reasoning_token'),
    ...optional('audioOutput', 'output_cost_per_audio_token'),
  };
  if (!('input_cost_per_token_above_200k_tokens' in rates)) return parts;
  const tier = {
    aboveInputTokens: 200_000,
    input: perMillion('input_cost_per_token_above_200k_tokens'),
    output: perMillion('output_cost_per_token_above_200k_tokens'),
  };
  return { ...parts, tiers: [tier] };
}
