import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Deployment } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';
import { capabilities } from './filters/capabilities.ts';
import type { Filter } from './filters/filter.ts';
import { maxCost } from './filters/max-cost.ts';
import { provider } from './filters/provider.ts';
import { region } from './filters/region.ts';
import { contextWindow, maxTokens } from './filters/size.ts';
import { tags, type TagFiltering } from './filters/tags.ts';
import type { GroupPlan } from './group-plan.ts';
import type { GroupCall } from './routed-call.ts';

/** A deployment that may not answer this call, by which rule, and why in words. */
export type Removal = { readonly deployment: Deployment; readonly by: string; readonly because: string };

export type Candidates = { readonly left: readonly Deployment[]; readonly removed: readonly Removal[] };

export class CandidateRules {
  readonly #filters: readonly Filter[];
  readonly #goesByTags: boolean;

  constructor(tagFiltering: TagFiltering | undefined) {
    this.#goesByTags = tagFiltering !== undefined;
    this.#filters = [...(tagFiltering ? [tags(tagFiltering)] : []), region, provider, capabilities, maxCost, contextWindow, maxTokens];
  }

  /** Whether any rule may speak against a deployment of this group; for most calls none can. */
  concern({ isChoosy, smallestWindow }: GroupPlan, ctx: Context, hasControls: boolean): boolean {
    const { received, principal, policy } = ctx;
    return (
      hasControls ||
      isChoosy ||
      this.#goesByTags ||
      principal?.regions !== undefined ||
      policy?.regions !== undefined ||
      (received?.length ?? Infinity) > smallestWindow
    );
  }

  /** Those that may answer. Where only guesses speak against all of them, all of them may, or none when `mayBeNone`. */
  apply({ group, able }: { readonly group: ModelGroup; readonly able: readonly Deployment[] }, call: GroupCall, mayBeNone: boolean): Candidates {
    const removed: Removal[] = [];
    let left = able;
    for (const filter of this.#filters) {
      const objections = left.map((deployment) => filter.objection(deployment, call, group.deployments));
      const kept = left.filter((_, index) => objections[index] === undefined);
      if (filter.weight === 'guess' && kept.length === 0 && !mayBeNone) continue;
      for (const [index, because] of objections.entries())
        if (because !== undefined) removed.push({ deployment: left[index] as Deployment, by: filter.name, because });
      left = kept;
    }
    return { left, removed };
  }
}

/** Why nobody in a group may answer: the error that decides which fallback is meant. */
export function nobodyFits({ name }: ModelGroup, removed: readonly Removal[]): GatewayError {
  const reasons = removed.map(({ deployment, because }) => `'${deployment.id}': ${because}`).join('; ');
  if (removed.some(({ by }) => by === contextWindow.name))
    return new GatewayError('context_length_exceeded', `'${name}' cannot read as much. ${reasons}`, { param: 'messages' });
  return new GatewayError('no_deployment_fits', `No deployment of '${name}' may answer this call. ${reasons}`, { param: 'model' });
}
