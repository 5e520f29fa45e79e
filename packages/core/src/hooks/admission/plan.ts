import { GatewayError } from '../../errors/gateway-error.ts';
import { mayUse } from '../../models/may-use.ts';
import type { Context } from '../../pipeline/context.ts';
import { isFree } from '../../pipeline/operations.ts';
import { costBound } from '../../pricing/cost-bound.ts';
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
export function planner({ reach, unpriced, assumedOutputTokens }: PlanOptions): (ctx: Context) => Plan {
  /** @throws GatewayError `model_unpriced` */
  return function plan(ctx) {
    const first = reach.targetOf(ctx);
    if (!first || isFree(ctx.operation)) return NOTHING;
    let most = 0;
    let outputRate = 0;
    let isOpen = false;
    for (const [name, group] of reach.all(ctx, first)) {
      if (group !== first && !mayUse(ctx, name)) continue;
      const bound = priceBoundOf(group, ctx.request.service_tier);
      if (bound.unpriced && unpriced === 'refuse') throw noPrice(group, bound.unpriced.model);
      most = Math.max(most, costBound(ctx, bound, assumedOutputTokens) * reach.answersOf(group));
      outputRate = Math.max(outputRate, bound.price.output);
      isOpen ||= bound.maxOutputTokens === undefined;
    }
    const assumed = maxOutputTokens(ctx.operation, ctx.request, assumedOutputTokens);
    return { most, outputRate, openTokens: isOpen && assumed > 0 && outputLimit(ctx.request, ctx.operation) === undefined ? assumed : undefined };
  };
}

function noPrice(group: ModelGroup, model: string): GatewayError {
  return new GatewayError('model_unpriced', `A budget is in force, and nothing says what '${model}', which may answer for '${group.name}', costs`, {
    param: 'model',
  });
}
