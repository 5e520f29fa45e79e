import { GatewayError } from '../../errors/gateway-error.ts';
import { mayUse } from '../../models/may-use.ts';
import type { ModelRegistry } from '../../models/model-registry.ts';
import type { Context } from '../../pipeline/context.ts';
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

/** @throws GatewayError `model_unpriced` */
export function planFor(ctx: Context, options: PlanOptions): Plan {
  const { unpriced, assumedOutputTokens } = options;
  const assumed = maxOutputTokens(ctx.operation, ctx.request, assumedOutputTokens);
  let most = 0;
  let outputRate = 0;
  let isOpen = false;
  for (const group of mayAnswer(ctx, options)) {
    const bound = priceBoundOf(group);
    if (bound.unpriced && unpriced === 'refuse') throw noPrice(group, bound.unpriced.model);
    most = Math.max(most, costBound(ctx, bound, assumedOutputTokens));
    outputRate = Math.max(outputRate, bound.price.output);
    isOpen ||= bound.maxOutputTokens === undefined;
  }
  return { most, outputRate, openTokens: isOpen && assumed > 0 && outputLimit(ctx.request) === undefined ? assumed : undefined };
}

/** The group that is asked for, and all it may fall back to. */
function mayAnswer(ctx: Context, { models, defaultFallbacks }: PlanOptions): Iterable<ModelGroup> {
  const first = models.resolve(ctx.request.model);
  if (!first || (first.fallbacks === undefined && defaultFallbacks.length === 0)) return first ? [first] : [];
  const found = new Map([[first.name, first]]);
  const names = [...(first.fallbacks ?? []), ...defaultFallbacks];
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    const group = mayUse(ctx, name) ? models.resolve(name) : undefined;
    if (!group || found.has(group.name)) continue;
    found.set(group.name, group);
    names.push(...(group.fallbacks ?? []));
  }
  return found.values();
}

function noPrice(group: ModelGroup, model: string): GatewayError {
  return new GatewayError('model_unpriced', `A budget is in force, and nothing says what '${model}', which may answer for '${group.name}', costs`, { param: 'model' });
}
