import type { ChatRequest, JsonObject, Refuse } from '@sluice/core';

/** OpenAI's words for how soon and at what price, in Google's, as Google's own client writes them. What is usual is not said. */
const TIERS: Readonly<Record<string, JsonObject>> = {
  auto: {},
  default: {},
  standard: {},
  flex: { serviceTier: 'flex' },
  priority: { serviceTier: 'priority' },
};

export function toServiceTier({ service_tier: tier }: ChatRequest, refuse: Refuse): JsonObject {
  if (tier === undefined || tier === null) return {};
  const found = Object.hasOwn(TIERS, String(tier)) ? TIERS[String(tier)] : undefined;
  if (found === undefined) refuse('service_tier', `it is one of ${Object.keys(TIERS).join(', ')}`);
  return found ?? {};
}
