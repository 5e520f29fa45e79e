import type { Usage } from '../types/usage.ts';
import type { ProviderCall } from './provider.ts';

/** Names of what is served where nobody asks for anything else. */
const USUAL_TIERS: ReadonlySet<string> = new Set(['', 'auto', 'default', 'standard', 'standard_only', 'on_demand']);

/** Usage with the terms that only the request tells: the service tier, unless the answer names one, and the size of searches. */
export function onTermsOf(usage: Usage, { request }: ProviderCall): Usage {
  const { serviceTier: told, ...rest } = usage;
  const tier = told ?? request.service_tier;
  const size = usage.webSearchSize ?? (usage.webSearches === undefined ? undefined : sizeIn(request.web_search_options));
  if (size === undefined && tier === undefined) return usage;
  return {
    ...rest,
    ...(typeof tier === 'string' && !USUAL_TIERS.has(tier.toLowerCase()) && { serviceTier: tier.toLowerCase() }),
    ...((size === 'low' || size === 'high') && { webSearchSize: size }),
  };
}

function sizeIn(options: unknown): unknown {
  return options !== null && typeof options === 'object' && 'search_context_size' in options ? options.search_context_size : undefined;
}
