import type { Price } from '../types/model.ts';
import { toNanoUsd } from './money.ts';

/** Prices by the names that model lists in wide use have for them: dollars for one unit. */
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
} as const satisfies Record<string, Exclude<keyof Price, 'tiers'>>;

type Rates = Partial<Record<(typeof PARTS)[keyof typeof PARTS], number>>;

const TIER = /^(.+)_above_(\d+)k_tokens$/;

/**
 * Dollars a unit as nano-dollars a million units, with a tier for each `…_above_200k_tokens`; nothing when no part of
 * a price is given. Other fields are not looked at.
 */
export function toPrice(fields: Readonly<Record<string, unknown>>): Price | undefined {
  const rates: Rates = {};
  const tiers = new Map<number, Rates>();
  for (const [field, usd] of Object.entries(fields)) {
    if (typeof usd !== 'number') continue;
    const [, base, thousands] = TIER.exec(field) ?? [];
    const part = PARTS[(base ?? field) as keyof typeof PARTS] as (typeof PARTS)[keyof typeof PARTS] | undefined;
    if (part === undefined) continue;
    if (thousands === undefined) rates[part] = perMillion(usd);
    else tiers.set(Number(thousands) * 1000, { ...tiers.get(Number(thousands) * 1000), [part]: perMillion(usd) });
  }
  if (Object.keys(rates).length === 0) return undefined;
  return { input: 0, output: 0, ...rates, ...(tiers.size > 0 && { tiers: ascending(tiers, { input: 0, output: 0, ...rates }) }) };
}

/** By moving the decimal point in the text: a product of floats would not be the amount that was written. */
export function perMillion(usd: number): number {
  const [digits = '0', exponent = '0'] = String(usd).split('e');
  return toNanoUsd(`${digits}e${Number(exponent) + 6}`);
}

/** A tier stands on the whole price beneath it, of which it names only what changes. */
function ascending(tiers: ReadonlyMap<number, Rates>, rates: Price): NonNullable<Price['tiers']> {
  let below: Price = rates;
  return [...tiers]
    .sort(([a], [b]) => a - b)
    .map(([aboveInputTokens, tier]) => {
      below = { ...below, ...tier };
      return { aboveInputTokens, ...below };
    });
}
