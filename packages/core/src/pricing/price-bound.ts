import type { Deployment, Price, Rates } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';
import { askedTier } from './asked-tier.ts';
import { outputLimit } from './output-limit.ts';

/** The dearest that any deployment of a group can be, part by part. */
export type PriceBound = {
  readonly price: Price;
  /** A deployment without a price, if there is one. */
  readonly unpriced: Deployment | undefined;
  /** The most that one answer can bring, where every deployment says so. */
  readonly maxOutputTokens: number | undefined;
  readonly maxInputTokens: number | undefined;
};

/** By the service tier that was asked for. */
const bounds = new WeakMap<ModelGroup, Map<unknown, PriceBound>>();

/** Where `serviceTier` is none that a deployment has a price for, its usual price counts. */
export function priceBoundOf(group: ModelGroup, serviceTier?: unknown): PriceBound {
  let ofGroup = bounds.get(group);
  if (!ofGroup) bounds.set(group, (ofGroup = new Map()));
  // Callers choose the name: only those that a price knows are kept apart.
  const tier = group.deployments.some(({ price }) => price?.serviceTiers && Object.hasOwn(price.serviceTiers, String(serviceTier))) ? serviceTier : undefined;
  let bound = ofGroup.get(tier);
  if (!bound) ofGroup.set(tier, (bound = toBound(group.deployments, tier)));
  return bound;
}

const ofOne = new WeakMap<Deployment, ModelGroup>();

/** The same for a single deployment. */
export function priceBoundOfOne(deployment: Deployment, serviceTier?: unknown): PriceBound {
  let group = ofOne.get(deployment);
  if (!group) ofOne.set(deployment, (group = { name: deployment.id, deployments: [deployment] }));
  return priceBoundOf(group, serviceTier);
}

function toBound(deployments: readonly Deployment[], serviceTier: unknown): PriceBound {
  const prices = deployments.flatMap(({ price, defaults }) => (price ? ratesIn(price, serviceTier ?? askedTier(defaults ?? {})) : []));
  const highest = (...parts: readonly (keyof Rates)[]): number => Math.max(0, ...prices.flatMap((price) => parts.map((part) => price[part] ?? 0)));
  return {
    price: {
      input: highest('input', 'cachedInput', 'cacheWriteInput', 'hourCacheWriteInput', 'audioInput', 'imageInput'),
      output: highest('output', 'reasoning', 'audioOutput', 'imageOutput', 'citation'),
      perImage: highest('perImage'),
      perSecond: highest('perSecond'),
      perCharacter: highest('perCharacter'),
      perRequest: highest('perRequest'),
      perSearchUnit: highest('perSearchUnit'),
      perPage: highest('perPage'),
      perAnnotatedPage: highest('perAnnotatedPage'),
      perWebSearch: highest('perWebSearch', 'perLowWebSearch', 'perHighWebSearch'),
    },
    unpriced: deployments.find(({ price }) => price === undefined),
    maxOutputTokens: highestIfAllKnown(deployments.map(({ maxOutputTokens, defaults }) => outputLimit(defaults ?? {}) ?? maxOutputTokens)),
    maxInputTokens: highestIfAllKnown(deployments.map(({ maxInputTokens }) => maxInputTokens)),
  };
}

/** All that the price may come to. A provider need not serve the tier that was asked for, so the usual rates count as well. */
function ratesIn({ tiers = [], serviceTiers = {}, ...base }: Price, serviceTier: unknown): Rates[] {
  const { tiers: ownTiers = [], ...served } = serviceTiers[String(serviceTier)] ?? {};
  return [base, ...tiers, { ...base, ...served }, ...ownTiers];
}

function highestIfAllKnown(values: readonly (number | undefined)[]): number | undefined {
  return values.length > 0 && values.every((value) => value !== undefined) ? Math.max(...values) : undefined;
}
