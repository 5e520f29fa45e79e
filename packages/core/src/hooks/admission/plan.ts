import { mayUse } from '../../models/may-use.ts';
import type { Context } from '../../pipeline/context.ts';
import { plannedNanoUsd } from '../../pipeline/later-cost.ts';
import { isFree } from '../../pipeline/operations.ts';
import { askedTier } from '../../pricing/asked-tier.ts';
import { costBound } from '../../pricing/cost-bound.ts';
import { noPrice } from '../../pricing/no-price.ts';
import { maxOutputTokens, outputLimit } from '../../pricing/output-limit.ts';
import { priceBoundOf } from '../../pricing/price-bound.ts';
import type { Reach } from '../../routing/reach.ts';
import type { ModelGroup } from '../../types/model-group.ts';

export type PlanOptions = {
  readonly reach: Reach;
  readonly unpriced: 'refuse' | 'allow';
  readonly assumedOutputTokens: number;
};

/** What is held for a call before it is made. */
export type Plan = {
  /** The most it may cost, in nano-dollars, by the dearest group that may come to answer. */
  readonly most: number;
  /** The output tokens in `most`, where nothing limits the output and more may come. */
  readonly openTokens: number | undefined;
  /** What a million further output tokens cost at most. */
  readonly outputRate: number;
};

const NOTHING: Plan = { most: 0, openTokens: undefined, outputRate: 0 };

/** Output to be paid that is counted with for calls that set no limit to it, in tokens. */
export const ASSUMED_PAID_TOKENS = 4096;

/** Plans calls. */
export function planner({ reach, unpriced, assumedOutputTokens }: PlanOptions): (ctx: Context, isBinding?: boolean) => Plan {
  /**
   * @param isBinding Whether a budget may refuse the call; without, a model may have no price.
   * @throws GatewayError `model_unpriced`
   */
  return function plan(ctx, isBinding = true) {
    if (isFree(ctx.operation)) return NOTHING;
    const target = reach.targetOf(ctx);
    const racers = reach.racersOf(ctx) ?? (target ? [target] : []);
    const bounds = racers.map((first) => boundOf(ctx, first, isBinding));
    const assumed = maxOutputTokens(ctx.operation, ctx.request, assumedOutputTokens);
    const isOpen = bounds.some((bound) => bound.isOpen) && assumed > 0 && outputLimit(ctx.request, ctx.operation) === undefined;
    return {
      // Whoever loses a race is paid as well.
      most: bounds.reduce((sum, { most }) => sum + most, 0),
      outputRate: bounds.reduce((sum, bound) => sum + bound.outputRate, 0),
      openTokens: isOpen ? assumed : undefined,
    };
  };

  /** The dearest of all groups that may come to answer for `first`. */
  function boundOf(ctx: Context, first: ModelGroup, isBinding: boolean): Bound {
    const most = { most: 0, outputRate: 0, isOpen: false };
    for (const [name, group] of reach.all(ctx, first)) {
      if (group !== first && !mayUse(ctx, name)) continue;
      const bound = priceBoundOf(group, askedTier(ctx.request));
      if (bound.unpriced && isBinding && unpriced === 'refuse')
        throw noPrice('A budget is in force', `'${bound.unpriced.model}', which may answer for '${name}',`);
      most.most = Math.max(most.most, ctx.get(plannedNanoUsd) ?? costBound(ctx, bound, assumedOutputTokens) * reach.answersOf(group));
      most.outputRate = Math.max(most.outputRate, bound.price.output);
      most.isOpen ||= bound.maxOutputTokens === undefined;
    }
    return most;
  }
}

type Bound = { readonly most: number; readonly outputRate: number; readonly isOpen: boolean };
