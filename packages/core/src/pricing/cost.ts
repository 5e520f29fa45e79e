import type { Usage } from '../types/call.ts';
import type { Price } from '../types/model.ts';

type Rates = Omit<Price, 'tiers'>;

/** What `usage` costs at `price`, in whole nano-dollars, rounded half up once. */
export function costOf(usage: Usage, price: Price): number {
  const rates = ratesFor(usage, price);
  const perMillion =
    inputCost(usage, rates) +
    outputCost(usage, rates) +
    times(usage.images, rates.perImage ?? 0) +
    times(usage.characters, rates.perCharacter ?? 0) +
    times(1, rates.perRequest ?? 0) +
    times(usage.searchUnits, rates.perSearchUnit ?? 0) +
    times(usage.pages, rates.perPage ?? 0) +
    times(usage.annotatedPages, rates.perAnnotatedPage ?? 0) +
    times(Math.round((usage.seconds ?? 0) * 1000), rates.perSecond ?? 0) / 1000n;
  return Math.min(Number((perMillion + 500_000n) / 1_000_000n), Number.MAX_SAFE_INTEGER);
}

/** Parts come out of the whole; what providers report beyond the whole never makes the rest negative. */
function inputCost(usage: Usage, rates: Rates): bigint {
  const { inputTokens, cachedInputTokens = 0, cacheWriteInputTokens = 0, audioInputTokens = 0, imageInputTokens = 0 } = usage;
  return (
    times(inputTokens - cachedInputTokens - cacheWriteInputTokens - audioInputTokens - imageInputTokens, rates.input) +
    times(cachedInputTokens, rates.cachedInput ?? rates.input) +
    times(cacheWriteInputTokens, rates.cacheWriteInput ?? rates.input) +
    times(audioInputTokens, rates.audioInput ?? rates.input) +
    times(imageInputTokens, rates.imageInput ?? rates.input)
  );
}

function outputCost(usage: Usage, rates: Rates): bigint {
  const { outputTokens, reasoningTokens = 0, audioOutputTokens = 0, imageOutputTokens = 0 } = usage;
  return (
    times(outputTokens - reasoningTokens - audioOutputTokens - imageOutputTokens, rates.output) +
    times(reasoningTokens, rates.reasoning ?? rates.output) +
    times(audioOutputTokens, rates.audioOutput ?? rates.output) +
    times(imageOutputTokens, rates.imageOutput ?? rates.output)
  );
}

/** The highest tier whose threshold the input passes. It prices the whole call, as providers do. */
function ratesFor(usage: Usage, price: Price): Rates {
  let rates: Rates = price;
  for (const tier of price.tiers ?? []) if (usage.inputTokens > tier.aboveInputTokens) rates = { ...price, ...tier };
  return rates;
}

/** In bigint: a long call at a high price passes what a double counts exactly. */
function times(count: number | undefined, rate: number): bigint {
  if (count === undefined || !(count > 0) || rate === 0) return 0n;
  return BigInt(Math.ceil(Math.min(count, Number.MAX_SAFE_INTEGER))) * BigInt(rate);
}
