import { GatewayError } from '../../errors/gateway-error.ts';
import { mayUse } from '../../models/may-use.ts';
import type { ModelRegistry } from '../../models/model-registry.ts';
import type { Context } from '../../pipeline/context.ts';
import { isFree } from '../../pipeline/operations.ts';
import { costBound } from '../../pricing/cost-bound.ts';
import { maxOutputTokens, outputLimit } from '../../pricing/output-limit.ts';
import { priceBoundOf } from '../../pricing/price-bound.ts';
import type { ModelGroup } from '../../types/model.ts';

export type PlanOptions = {
  readonly models: ModelRegistry;
  readonly unpriced: 'refuse' | 'allow';
  readonly assumedOutputTokens: number;
  readonly defaultFallbacks: readonly string[];
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

/** The groups that may answer, each under the name by which a caller needs to be allowed to use it. */
type Reach = readonly (readonly [name: string, group: ModelGroup])[];

const NOTHING: Plan = { most: 0, openTokens: undefined, outputRate: 0 };

/** Plans calls. What may come to answer for a group is found out once. */
export function planner({ models, unpriced, assumedOutputTokens, defaultFallbacks }: PlanOptions): (ctx: Context) => Plan {
  const reaches = new WeakMap<ModelGroup, Reach>();

  /** @throws GatewayError `model_unpriced` */
  return function plan(ctx) {
    const first = models.resolve(ctx.request.model);
    if (!first || isFree(ctx.operation)) return NOTHING;
    let most = 0;
    let outputRate = 0;
    let isOpen = false;
    for (const [name, group] of reachOf(first)) {
      if (group !== first && !mayUse(ctx, name)) continue;
      const bound = priceBoundOf(group);
      if (bound.unpriced && unpriced === 'refuse') throw noPrice(group, bound.unpriced.model);
      most = Math.max(most, costBound(ctx, bound, assumedOutputTokens));
      outputRate = Math.max(outputRate, bound.price.output);
      isOpen ||= bound.maxOutputTokens === undefined;
    }
    const assumed = maxOutputTokens(ctx.operation, ctx.request, assumedOutputTokens);
    return { most, outputRate, openTokens: isOpen && assumed > 0 && outputLimit(ctx.request, ctx.operation) === undefined ? assumed : undefined };
  };

  function reachOf(first: ModelGroup): Reach {
    let reach = reaches.get(first);
    if (!reach) reaches.set(first, (reach = withFallbacks(first)));
    return reach;
  }

  function withFallbacks(first: ModelGroup): Reach {
    const found = new Map([[first.name, first]]);
    const names = [...(first.fallbacks ?? []), ...defaultFallbacks];
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const group = found.has(name) ? undefined : models.resolve(name);
      if (!group) continue;
      found.set(name, group);
      names.push(...(group.fallbacks ?? []));
    }
    return [...found];
  }
}

function noPrice(group: ModelGroup, model: string): GatewayError {
  return new GatewayError('model_unpriced', `A budget is in force, and nothing says what '${model}', which may answer for '${group.name}', costs`, {
    param: 'model',
  });
}
