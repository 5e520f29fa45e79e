import type { Usage } from '../types/usage.ts';
import type { Price } from '../types/model.ts';
import { costOf } from './cost.ts';

const TIER = 'batch';

/**
 * What one answer costs in a batch, in nano-dollars: by the price of the service tier `batch` where there is one, else
 * half of what it costs by itself, as at everybody who takes batches. Searches of the web cost what they always do.
 * https://platform.openai.com/docs/guides/batch, https://docs.claude.com/en/docs/build-with-claude/batch-processing
 */
export function batchCost({ serviceTier: _, ...usage }: Usage, price: Price): number {
  if (hasBatchPrice(price)) return costOf({ ...usage, serviceTier: TIER }, price);
  return half(costOf(usage, price) + costOf(usage, { input: 0, output: 0, ...searchPrices(price) }));
}

/** What answering costs at most in a batch, where it costs at most `nanoUsd` by itself in the tier {@link boundTier}. */
export function batchBound(nanoUsd: number, price: Price | undefined): number {
  return price && hasBatchPrice(price) ? nanoUsd : half(nanoUsd);
}

export const boundTier = TIER;

/** Whether a sum over many answers says too little to price them: some prices are of each answer. */
export function isPricedOneByOne({ tiers, perRequest, perWebSearch, serviceTiers }: Price): boolean {
  return tiers !== undefined || perRequest !== undefined || perWebSearch !== undefined || serviceTiers?.[TIER]?.tiers !== undefined;
}

function searchPrices({ perWebSearch, perLowWebSearch, perHighWebSearch }: Price): Partial<Price> {
  return {
    ...(perWebSearch !== undefined && { perWebSearch }),
    ...(perLowWebSearch !== undefined && { perLowWebSearch }),
    ...(perHighWebSearch !== undefined && { perHighWebSearch }),
  };
}

function hasBatchPrice({ serviceTiers }: Price): boolean {
  return serviceTiers !== undefined && Object.hasOwn(serviceTiers, TIER);
}

function half(nanoUsd: number): number {
  return Math.ceil(nanoUsd / 2);
}
