import type { Price, Rates } from '../types/model.ts';
import { toNanoUsd } from './money.ts';

/** Prices by the names that model lists in wide use have for them: dollars for one unit. */
const PARTS: Readonly<Record<string, keyof Rates>> = {
  input_cost_per_token: 'input',
  output_cost_per_token: 'output',
  cache_read_input_token_cost: 'cachedInput',
  cache_read_input_audio_token_cost: 'cachedAudioInput',
  cache_read_input_image_token_cost: 'cachedImageInput',
  cache_creation_input_token_cost: 'cacheWriteInput',
  cache_creation_input_token_cost_above_1hr: 'hourCacheWriteInput',
  output_cost_per_reasoning_token: 'reasoning',
  input_cost_per_audio_token: 'audioInput',
  output_cost_per_audio_token: 'audioOutput',
  input_cost_per_image_token: 'imageInput',
  output_cost_per_image_token: 'imageOutput',
  citation_cost_per_token: 'citation',
  output_cost_per_image: 'perImage',
  input_cost_per_second: 'perSecond',
  input_cost_per_character: 'perCharacter',
  input_cost_per_query: 'perSearchUnit',
  ocr_cost_per_page: 'perPage',
  annotation_cost_per_page: 'perAnnotatedPage',
  input_cost_per_request: 'perRequest',
};

/** What may follow the name of a part: a threshold, a service tier, both. */
const CONDITIONS = /^(?:_above_(\d+)k_tokens)?(?:_([a-z]+))?$/;
const LONGEST_FIRST = Object.keys(PARTS).sort((a, b) => b.length - a.length);

/** Such lists name what is processed in batches in the plural. */
const TIER_NAMES: Readonly<Record<string, string>> = { batches: 'batch' };

/** A search, by how much of what it finds it brings. */
const SEARCH_SIZES = {
  search_context_size_low: 'perLowWebSearch',
  search_context_size_medium: 'perWebSearch',
  search_context_size_high: 'perHighWebSearch',
} as const satisfies Record<string, keyof Rates>;

type Parts = { -readonly [part in keyof Rates]?: number };
type Column = { readonly rates: Parts; readonly tiers: Map<number, Parts> };

/**
 * Dollars a unit as nano-dollars a million units, with a tier for each `…_above_200k_tokens` and a service tier for each
 * `…_flex`, `…_priority`, `…_batches`; nothing when no part of a price is given. Other fields are not looked at.
 */
export function toPrice(fields: Readonly<Record<string, unknown>>): Price | undefined {
  const columns = new Map<string, Column>();
  for (const [field, usd] of Object.entries(fields)) {
    const found = typeof usd === 'number' ? placeOf(field) : undefined;
    if (!found) continue;
    const { rates, tiers } = columnOf(columns, found.serviceTier);
    if (found.above === undefined) rates[found.part] = perMillion(usd as number);
    else tiers.set(found.above, { ...tiers.get(found.above), [found.part]: perMillion(usd as number) });
  }
  Object.assign(columnOf(columns, '').rates, searchRates(fields.search_context_cost_per_query));
  const { rates, tiers } = columnOf(columns, '');
  if (Object.keys(rates).length === 0) return undefined;
  const base: Price = { input: 0, output: 0, ...rates };
  const served = [...columns].filter(([name]) => name !== '').map(([name, column]) => [name, inServiceTier(column, base)] as const);
  return { ...base, ...(tiers.size > 0 && { tiers: ascending(tiers, base) }), ...(served.length > 0 && { serviceTiers: Object.fromEntries(served) }) };
}

function placeOf(field: string): { readonly part: keyof Rates; readonly above: number | undefined; readonly serviceTier: string } | undefined {
  const name = LONGEST_FIRST.find((known) => field.startsWith(known));
  const match = name === undefined ? null : CONDITIONS.exec(field.slice(name.length));
  if (name === undefined || !match) return undefined;
  const [, thousands, tier = ''] = match;
  return { part: PARTS[name] as keyof Rates, above: thousands === undefined ? undefined : Number(thousands) * 1000, serviceTier: TIER_NAMES[tier] ?? tier };
}

function columnOf(columns: Map<string, Column>, serviceTier: string): Column {
  let column = columns.get(serviceTier);
  if (!column) columns.set(serviceTier, (column = { rates: {}, tiers: new Map() }));
  return column;
}

function inServiceTier({ rates, tiers }: Column, base: Price): NonNullable<Price['serviceTiers']>[string] {
  return { ...rates, ...(tiers.size > 0 && { tiers: ascending(tiers, { ...base, ...rates }) }) };
}

function searchRates(costs: unknown): Parts {
  if (costs === null || typeof costs !== 'object') return {};
  const found = Object.entries(SEARCH_SIZES).filter(([size]) => typeof (costs as Readonly<Record<string, unknown>>)[size] === 'number');
  return Object.fromEntries(found.map(([size, part]) => [part, perMillion((costs as Readonly<Record<string, number>>)[size] as number)]));
}

/** By moving the decimal point in the text: a product of floats would not be the amount that was written. */
export function perMillion(usd: number): number {
  const [digits = '0', exponent = '0'] = String(usd).split('e');
  return toNanoUsd(`${digits}e${Number(exponent) + 6}`);
}

/** A tier stands on the whole price beneath it, of which it names only what changes. */
function ascending(tiers: ReadonlyMap<number, Parts>, rates: Price): NonNullable<Price['tiers']> {
  let below: Price = rates;
  return [...tiers]
    .sort(([a], [b]) => a - b)
    .map(([aboveInputTokens, tier]) => {
      below = { ...below, ...tier };
      return { aboveInputTokens, ...below };
    });
}
