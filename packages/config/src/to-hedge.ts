import { type HedgeOptions, toNanoUsd } from '@sluice/core';
import type { Hedge } from './schema/group-settings.ts';
import { toMs } from './to-ms.ts';

/** When a second deployment is asked, and at what price. */
export function toHedge({ percentile, min_delay: delay, max_percent: maxPercent, max_cost: cost }: Hedge): HedgeOptions {
  return {
    ...(percentile === undefined ? {} : { percentile }),
    ...(delay === undefined ? {} : { minDelayMs: toMs(delay) }),
    ...(maxPercent === undefined ? {} : { maxPercent }),
    ...(cost === undefined ? {} : { maxCostNanoUsd: toNanoUsd(cost) }),
  };
}
