import { costOf } from '../../pricing/cost.ts';
import type { Usage } from '../../types/usage.ts';
import type { ModelGroup } from '../../types/model-group.ts';

/** What a call of some size would cost with a model, at the cheapest of its deployments. Without a price, so is the cost. */
export type ModelCost = { readonly model: string; readonly deployment: string | undefined; readonly costNanoUsd: number | undefined };

/** The cheapest model first, those without a price last. Names with a gap stand for no model, and are left out. */
export function modelCosts(groups: readonly ModelGroup[], usage: Usage): readonly ModelCost[] {
  const callable = groups.filter(({ name, isBlocked }) => !name.includes('*') && !isBlocked);
  return callable.map((group) => cheapest(group, usage)).sort((a, b) => orLast(a.costNanoUsd) - orLast(b.costNanoUsd));
}

function cheapest({ name, deployments }: ModelGroup, usage: Usage): ModelCost {
  let best: ModelCost = { model: name, deployment: undefined, costNanoUsd: undefined };
  for (const { id, price, isBlocked } of deployments) {
    if (!price || isBlocked) continue;
    const costNanoUsd = costOf(usage, price);
    if (costNanoUsd < orLast(best.costNanoUsd)) best = { model: name, deployment: id, costNanoUsd };
  }
  return best;
}

function orLast(cost: number | undefined): number {
  return cost ?? Number.MAX_SAFE_INTEGER;
}
