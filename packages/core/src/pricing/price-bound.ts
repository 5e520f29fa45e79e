import type { Deployment, Price } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';
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

const bounds = new WeakMap<ModelGroup, PriceBound>();

export function priceBoundOf(group: ModelGroup): PriceBound {
  let bound = bounds.get(group);
  if (!bound) bounds.set(group, (bound = toBound(group.deployments)));
  return bound;
}

function toBound(deployments: readonly Deployment[]): PriceBound {
  const prices = deployments.flatMap(({ price }) => (price ? withTiers(price) : []));
  const highest = (...parts: readonly (keyof Rates)[]): number => Math.max(0, ...prices.flatMap((price) => parts.map((part) => price[part] ?? 0)));
  return {
    price: {
      input: highest('input', 'cachedInput', 'cacheWriteInput', 'audioInput', 'imageInput'),
      output: highest('output', 'reasoning', 'audioOutput', 'imageOutput'),
      perImage: highest('perImage'),
      perSecond: highest('perSecond'),
      perCharacter: highest('perCharacter'),
      perRequest: highest('perRequest'),
      perSearchUnit: highest('perSearchUnit'),
      perPage: highest('perPage'),
      perAnnotatedPage: highest('perAnnotatedPage'),
    },
    unpriced: deployments.find(({ price }) => price === undefined),
    maxOutputTokens: highestIfAllKnown(deployments.map(({ maxOutputTokens, defaults }) => outputLimit(defaults ?? {}) ?? maxOutputTokens)),
    maxInputTokens: highestIfAllKnown(deployments.map(({ maxInputTokens }) => maxInputTokens)),
  };
}

type Rates = Omit<Price, 'tiers'>;

function withTiers({ tiers = [], ...base }: Price): Rates[] {
  return [base, ...tiers];
}

function highestIfAllKnown(values: readonly (number | undefined)[]): number | undefined {
  return values.length > 0 && values.every((value) => value !== undefined) ? Math.max(...values) : undefined;
}
