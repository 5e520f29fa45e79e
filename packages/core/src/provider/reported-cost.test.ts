import { describe, expect, it } from 'vitest';
import { reportedCostIn } from './reported-cost.ts';
import { readUsage } from './wire-usage.ts';

describe('what a provider says that an answer costs', () => {
  it.each([
    ['OpenRouter, in dollars', { cost: 0.00010625, prompt_tokens: 37 }, 106_250],
    ['OpenRouter, less than a nano-dollar rounded', { cost: 1.4e-7 }, 140],
    ['OpenRouter over a key of its own', { cost: 0.00001, is_byok: true, cost_details: { upstream_inference_cost: 0.0002 } }, 210_000],
    ['OpenRouter, where the upstream cost is in the sum already', { cost: 0.0002, is_byok: false, cost_details: { upstream_inference_cost: 0.0002 } }, 200_000],
    ['Perplexity, part by part', { cost: { input_tokens_cost: 0.00002, request_cost: 0.005, total_cost: 0.00504 } }, 5_040_000],
    ['xAI, in ticks', { cost_in_usd_ticks: 1_497_500 }, 149_750],
    ['nothing free', { cost: 0 }, 0],
    ['nothing', { prompt_tokens: 1 }, undefined],
    ['null', { cost: null }, undefined],
    ['what is no amount', { cost: '0.1' }, undefined],
    ['a debt', { cost: -1 }, undefined],
    ['more than can be', { cost: 1e9 }, undefined],
  ])('%s', (_, usage, expected) => {
    expect(reportedCostIn({ usage })).toBe(expected);
  });

  it('stands beside the counts', () => {
    expect(readUsage({ usage: { prompt_tokens: 1, completion_tokens: 2, cost: 0.5 } })).toEqual({
      inputTokens: 1,
      outputTokens: 2,
      reportedCostNanoUsd: 500_000_000,
    });
    expect(readUsage({ usage: { prompt_tokens: 1, completion_tokens: 2 } })).toEqual({ inputTokens: 1, outputTokens: 2 });
  });
});
