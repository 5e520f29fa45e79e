import type { JsonObject } from '@sluice/core';

type Counted = {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly output_tokens_details?: { readonly thinking_tokens?: number } | null;
  readonly [field: string]: unknown;
};

/** Steps that the provider bills, and leaves out of its totals. https://docs.claude.com/en/docs/build-with-claude/compaction */
const BESIDE_TOTALS: ReadonlySet<unknown> = new Set(['compaction', 'advisor_message']);

type Count = 'input_tokens' | 'output_tokens' | 'cache_read_input_tokens' | 'cache_creation_input_tokens';

/**
 * Usage in OpenAI's form. The provider counts cached and newly cached input beside the rest, here they are part of it.
 * What has no place in the form (the lifetimes of what was cached, searches) stays under the provider's names.
 */
export function toUsage(reported: JsonObject): JsonObject {
  const { input_tokens: _input, output_tokens: _output, output_tokens_details: details, ...more } = reported as Counted;
  const steps = Array.isArray(more.iterations) ? (more.iterations as readonly (Counted | null)[]).filter((step) => BESIDE_TOTALS.has(step?.type)) : [];
  const total = (count: Count): number => steps.reduce((sum, step) => sum + (step?.[count] ?? 0), (reported as Counted)[count] ?? 0);
  const cached = total('cache_read_input_tokens');
  const written = total('cache_creation_input_tokens');
  const promptTokens = total('input_tokens') + cached + written;
  const output = total('output_tokens');
  return {
    ...more,
    prompt_tokens: promptTokens,
    completion_tokens: output,
    total_tokens: promptTokens + output,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    completion_tokens_details: { reasoning_tokens: details?.thinking_tokens ?? 0 },
  };
}

const TIERS: Readonly<Record<string, string>> = { standard: 'default', priority: 'priority', batch: 'batch' };

/** The tier that the call was served in, by OpenAI's name. */
export function tierOf({ service_tier: tier }: JsonObject): { readonly service_tier?: string } {
  return typeof tier === 'string' ? { service_tier: TIERS[tier] ?? tier } : {};
}
