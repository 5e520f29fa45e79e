import type { Usage } from '../types/call.ts';
import type { Price } from '../types/model.ts';

type Rates = Omit<Price, 'tiers'>;

/** What `usage` costs at `price`, in whole nano-dollars, rounded half up once. */
export function costOf(usage: Usage, price: Price): number {
  const rates = ratesFor(usage, price);
  const bill = new Bill();
  addInput(bill, usage, rates);
  addOutput(bill, usage, rates);
  bill.add(usage.images, rates.perImage);
  bill.add(usage.characters, rates.perCharacter);
  bill.add(1, rates.perRequest);
  bill.add(usage.searchUnits, rates.perSearchUnit);
  bill.add(usage.pages, rates.perPage);
  bill.add(usage.annotatedPages, rates.perAnnotatedPage);
  bill.addThousandths(Math.round((usage.seconds ?? 0) * 1000), rates.perSecond);
  return bill.total;
}

/** Parts come out of the whole; what providers report beyond the whole never makes the rest negative. */
function addInput(bill: Bill, usage: Usage, rates: Rates): void {
  const { inputTokens, cachedInputTokens = 0, cacheWriteInputTokens = 0, audioInputTokens = 0, imageInputTokens = 0 } = usage;
  bill.add(inputTokens - cachedInputTokens - cacheWriteInputTokens - audioInputTokens - imageInputTokens, rates.input);
  bill.add(cachedInputTokens, rates.cachedInput ?? rates.input);
  bill.add(cacheWriteInputTokens, rates.cacheWriteInput ?? rates.input);
  bill.add(audioInputTokens, rates.audioInput ?? rates.input);
  bill.add(imageInputTokens, rates.imageInput ?? rates.input);
}

function addOutput(bill: Bill, usage: Usage, rates: Rates): void {
  const { outputTokens, reasoningTokens = 0, audioOutputTokens = 0, imageOutputTokens = 0 } = usage;
  bill.add(outputTokens - reasoningTokens - audioOutputTokens - imageOutputTokens, rates.output);
  bill.add(reasoningTokens, rates.reasoning ?? rates.output);
  bill.add(audioOutputTokens, rates.audioOutput ?? rates.output);
  bill.add(imageOutputTokens, rates.imageOutput ?? rates.output);
}

/** The highest tier whose threshold the input passes. It prices the whole call, as providers do. */
function ratesFor(usage: Usage, price: Price): Rates {
  let rates: Rates = price;
  for (const tier of price.tiers ?? []) if (usage.inputTokens > tier.aboveInputTokens) rates = { ...price, ...tier };
  return rates;
}

const MILLION = 1_000_000;

/**
 * Adds up counts at prices per million. Nano-dollars and millionths of one are counted apart: together, those of a
 * long call at a high price pass what a double counts exactly, and a bigint is garbage at every step.
 */
class Bill {
  #nanoUsd = 0;
  #millionths = 0;

  add(count: number | undefined, rate = 0): void {
    if (count === undefined || !(count > 0)) return;
    const units = Math.ceil(Math.min(count, Number.MAX_SAFE_INTEGER));
    const rest = rate % MILLION;
    this.#nanoUsd += units * ((rate - rest) / MILLION);
    this.#millionths += units * rest;
  }

  /** Adds a thousandth of `count` units; what is left of a millionth is not charged. */
  addThousandths(count: number, rate = 0): void {
    if (!(count > 0) || rate === 0) return;
    const rest = Math.min(count, Number.MAX_SAFE_INTEGER) % 1000;
    this.add((count - rest) / 1000, rate);
    this.#millionths += Math.floor((rest * rate) / 1000);
  }

  get total(): number {
    const rounded = this.#millionths + MILLION / 2;
    return Math.min(this.#nanoUsd + (rounded - (rounded % MILLION)) / MILLION, Number.MAX_SAFE_INTEGER);
  }
}
