import { type Price, toNanoUsd } from '@sluice/core';
import type { PriceFields } from './schema/model-list.ts';

const PARTS = {
  input_cost_per_token: 'input',
  output_cost_per_token: 'output',
  cache_read_input_token_cost: 'cachedInput',
  cache_creation_input_token_cost: 'cacheWriteInput',
  output_cost_per_reasoning_token: 'reasoning',
  input_cost_per_audio_token: 'audioInput',
  output_cost_per_audio_token: 'audioOutput',
  output_cost_per_image: 'perImage',
  input_cost_per_second: 'perSecond',
  input_cost_per_character: 'perCharacter',
  input_cost_per_query: 'perSearchUnit',
  ocr_cost_per_page: 'perPage',
  annotation_cost_per_page: 'perAnnotatedPage',
  input_cost_per_request: 'perRequest',
} as const satisfies Record<keyof PriceFields, keyof Price>;

type PricePart = (typeof PARTS)[keyof PriceFields];

/** Dollars a unit as nano-dollars a million units; nothing when no part of a price is given. */
export function toPrice(fields: PriceFields): Price | undefined {
  const parts: Partial<Record<PricePart, number>> = {};
  for (const [field, part] of Object.entries(PARTS) as [keyof PriceFields, PricePart][]) {
    const usd = fields[field];
    if (usd !== undefined) parts[part] = perMillion(usd);
  }
  return Object.keys(parts).length === 0 ? undefined : { input: 0, output: 0, ...parts };
}

/** By moving the decimal point in the text: a product of floats would not be the amount that was written. */
export function perMillion(usd: number): number {
  const [digits = '0', exponent = '0'] = String(usd).split('e');
  return toNanoUsd(`${digits}e${Number(exponent) + 6}`);
}
