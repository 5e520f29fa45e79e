import type { JsonObject } from '../types/json.ts';

/**
 * The service tier that a request asks for, by the name that prices have for it. Claude's fast mode, and the place where
 * it is to run, are terms of the price as well, and may come together.
 * https://platform.claude.com/docs/en/build-with-claude/fast-mode https://platform.claude.com/docs/en/build-with-claude/data-residency
 */
export function askedTier({ service_tier: tier, speed, inference_geo: place }: JsonObject): unknown {
  return speedAndPlace({ speed, place }) ?? tier;
}

/** The name of the tier for answers that come fast, or from the United States only, or both. */
export function speedAndPlace({ speed, place }: { readonly speed: unknown; readonly place: unknown }): string | undefined {
  const terms = [speed === 'fast' && 'fast', place === 'us' && 'us'].filter(Boolean);
  return terms.length === 0 ? undefined : terms.join('_');
}
