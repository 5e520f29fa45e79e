import type { Usage } from '../types/usage.ts';
import type { Price, Rates } from '../types/model.ts';

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
  bill.add(usage.citationTokens, rates.citation);
  bill.add(usage.webSearches, searchRate(usage, rates));
  bill.addThousandths(Math.round((usage.seconds ?? 0) * 1000), rates.perSecond);
  return bill.total;
}

/** Parts come out of the whole; what providers report beyond the whole never makes the rest negative. */
function addInput(bill: Bill, usage: Usage, rates: Rates): void {
  const { inputTokens, cachedInputTokens: cached = 0, cacheWriteInputTokens: written = 0, audioInputTokens: audio = 0, imageInputTokens: image = 0 } = usage;
  const { cachedAudioInputTokens: cachedAudio = 0, cachedImageInputTokens: cachedImage = 0, hourCacheWriteInputTokens: writtenForHours = 0 } = usage;
  const { cachedInput = rates.input, audioInput = rates.input, imageInput = rates.input, cacheWriteInput = rates.input } = rates;
  bill.add(inputTokens - cached - written - audio - image + cachedAudio + cachedImage, rates.input);
  bill.add(cached - cachedAudio - cachedImage, cachedInput);
  bill.add(written - writtenForHours, cacheWriteInput);
  bill.add(writtenForHours, rates.hourCacheWriteInput ?? cacheWriteInput);
  bill.add(audio - cachedAudio, audioInput);
  bill.add(cachedAudio, rates.cachedAudioInput ?? audioInput);
  bill.add(image - cachedImage, imageInput);
  bill.add(cachedImage, rates.cachedImageInput ?? imageInput);
}

function addOutput(bill: Bill, usage: Usage, rates: Rates): void {
  const { outputTokens, reasoningTokens = 0, audioOutputTokens = 0, imageOutputTokens = 0 } = usage;
  bill.add(outputTokens - reasoningTokens - audioOutputTokens - imageOutputTokens, rates.output);
  bill.add(reasoningTokens, rates.reasoning ?? rates.output);
  bill.add(audioOutputTokens, rates.audioOutput ?? rates.output);
  bill.add(imageOutputTokens, rates.imageOutput ?? rates.output);
}

function searchRate({ webSearchSize: size }: Usage, { perWebSearch, perLowWebSearch, perHighWebSearch }: Rates): number | undefined {
  return (size === 'low' ? perLowWebSearch : size === 'high' ? perHighWebSearch : perWebSearch) ?? perWebSearch;
}

/**
 * Those of the service tier, and of the highest tier whose threshold the input passes: it prices the whole call, as
 * providers do. A service tier that knows no such threshold costs there what the others cost.
 */
function ratesFor({ inputTokens, serviceTier }: Usage, price: Price): Rates {
  const served = serviceTier === undefined ? undefined : price.serviceTiers?.[serviceTier];
  const base: Rates = served ? { ...price, ...served } : price;
  let rates = base;
  for (const tier of served?.tiers ?? price.tiers ?? []) if (inputTokens > tier.aboveInputTokens) rates = { ...base, ...tier };
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
    // Of sums beyond counting the last digits are gone, and with them the even division.
    return Math.min(this.#nanoUsd + Math.round((rounded - (rounded % MILLION)) / MILLION), Number.MAX_SAFE_INTEGER);
  }
}
