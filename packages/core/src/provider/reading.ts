import type { Context } from '../pipeline/context.ts';
import { costOf } from '../pricing/cost.ts';
import type { Usage, UsageCounts } from '../types/usage.ts';
import type { JsonObject } from '../types/json.ts';
import { onTermsOf } from './billed-usage.ts';
import { usageReaderOf } from './operation-usage.ts';
import type { Mapping, ProviderCall } from './provider.ts';

/** One answer of an upstream, being read: for which call, and who writes the bill. */
export type Reading = {
  readonly ctx: Context;
  readonly mapping: Mapping;
  readonly call: ProviderCall;
  readonly charge: Charge;
  readonly firstEventMs: number | undefined;
};

/** What a mapping reads, unless it is no count at all: one that is not a number would void every counter it is added to. */
export function usageIn(reply: JsonObject, mapping: Mapping, call: ProviderCall): Usage | undefined {
  const usage = (mapping.toUsage ?? usageReaderOf(call.operation))(reply, call);
  if (usage === undefined) return undefined;
  for (const part in usage) if (!TERMS.has(part) && !isCount(usage[part as keyof UsageCounts])) return undefined;
  return onTermsOf(usage, call);
}

/** The parts of usage that are no counts. */
const TERMS: ReadonlySet<string> = new Set<keyof Usage>(['serviceTier', 'webSearchSize']);

function isCount(value: number | undefined): boolean {
  return value === undefined || (Number.isFinite(value) && value >= 0);
}

export type Charge = (usage: Usage | undefined) => void;

/**
 * Opens the bill of one try, on top of what others of the call have cost. A provider's figures are running totals,
 * so the last report of a try is the one that counts.
 */
export function openBill(ctx: Context): Charge {
  let charged = 0;
  const price = ctx.deployment?.price;
  return (usage) => {
    if (usage === undefined) return;
    ctx.usage = usage;
    const cost = price ? costOf(usage, price) : usage.reportedCostNanoUsd;
    if (cost === undefined) return;
    ctx.costNanoUsd = (ctx.costNanoUsd ?? 0) + cost - charged;
    charged = cost;
  };
}
