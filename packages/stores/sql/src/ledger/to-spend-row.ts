import type { SpendPart, SpendRow } from '@sluice/core';
import { toNumber } from '../whole-number.ts';

const DAY_MS = 86_400_000;

/** Its sums by their columns, and what it is of by the names of parts. */
export type SummedRow = { readonly [Part in SpendPart]?: unknown } & { readonly [Sum in (typeof SUMS)[number] as `sum_${Sum}`]: unknown };

export const SUMS = ['calls', 'failures', 'input_tokens', 'output_tokens', 'cached_input_tokens', 'cost_nano_usd'] as const;

/** `day` comes as the number of the day. */
export function toSpendRow(row: SummedRow, by: readonly SpendPart[]): SpendRow {
  const parts = by.map((part) => [part, part === 'day' ? toDay(toNumber(row.day)) : String(row[part] ?? '')] as const);
  return {
    ...Object.fromEntries(parts),
    calls: toNumber(row.sum_calls),
    failures: toNumber(row.sum_failures),
    inputTokens: toNumber(row.sum_input_tokens),
    outputTokens: toNumber(row.sum_output_tokens),
    cachedInputTokens: toNumber(row.sum_cached_input_tokens),
    costNanoUsd: toNumber(row.sum_cost_nano_usd),
  };
}

function toDay(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}
