import type { Usage } from '../types/call.ts';
import type { Price } from '../types/model.ts';

/** What `usage` costs at `price`, in whole nano-dollars, rounded half up once. */
export function costOf(usage: Usage, price: Price): number {
  const rates = rateFor(usage, price);
  const cached = usage.cachedInputTokens ?? 0;
  const cacheWrite = usage.cacheWriteInputTokens ?? 0;
  const audioIn = usage.audioInputTokens ?? 0;
  const reasoning = usage.reasoningTokens ?? 0;
  const audioOut = usage.audioOutputTokens ?? 0;
  const perMillion =
    times(Math.max(0, usage.inputTokens - cached - cacheWrite - audioIn), rates.input) +
    times(cached, rates.cachedInput ?? rates.input) +
    times(cacheWrite, rates.cacheWriteInput ?? rates.input) +
    times(audioIn, rates.audioInput ?? rates.input) +
    times(Math.max(0, usage.outputTokens - reasoning - audioOut), rates.output) +
    times(reasoning, rates.reasoning ?? rates.output) +
    times(audioOut, rates.audioOutput ?? rates.output) +
    times(usage.images ?? 0, rates.perImage ?? 0) +
    times(usage.characters ?? 0, rates.perCharacter ?? 0) +
    times(1, rates.perRequest ?? 0) +
    (times(Math.round((usage.seconds ?? 0) * 1000), rates.perSecond ?? 0) + 500n) / 1000n;
  return Number((perMillion + 500_000n) / 1_000_000n);
}

/** The highest tier whose threshold the input passes. It prices the whole call, as providers do. */
function rateFor(usage: Usage, price: Price): Omit<Price, 'tiers'> {
  let rates: Omit<Price, 'tiers'> = price;
  for (const tier of price.tiers ?? []) if (usage.inputTokens > tier.aboveInputTokens) rates = { ...price, ...tier };
  return rates;
}

/** In bigint: a long call at a high price passes what a double counts exactly. */
function times(count: number, rate: number): bigint {
  return count === 0 || rate === 0 ? 0n : BigInt(Math.ceil(count)) * BigInt(rate);
}
