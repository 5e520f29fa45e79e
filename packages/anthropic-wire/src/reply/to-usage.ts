import { type JsonObject, readUsage, type Usage } from '@sluice/core';

type Counted = {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly output_tokens_details?: { readonly thinking_tokens?: number } | null;
  readonly [field: string]: unknown;
};

/**
 * Usage in OpenAI's form. The provider counts cached and newly cached input beside the rest, here they are part of it.
 * What has no place in the form (the lifetimes of what was cached, searches) stays under the provider's names.
 */
export function toUsage(reported: JsonObject): JsonObject {
  const { input_tokens: fresh, output_tokens: output, output_tokens_details: details, ...more } = reported as Counted;
  const cached = more.cache_read_input_tokens ?? 0;
  const written = more.cache_creation_input_tokens ?? 0;
  const promptTokens = (fresh ?? 0) + cached + written;
  const completionTokens = output ?? 0;
  return {
    ...more,
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    completion_tokens_details: { reasoning_tokens: details?.thinking_tokens ?? 0 },
  };
}

/** Steps that the provider bills, and leaves out of its totals. https://docs.claude.com/en/docs/build-with-claude/compaction */
const BESIDE_TOTALS: ReadonlySet<unknown> = new Set(['compaction', 'advisor_message']);

/** What is charged: the totals, and the steps beside them. */
export function readBilledUsage(reply: JsonObject): Usage | undefined {
  const total = readUsage(reply);
  const { iterations } = (reply.usage ?? {}) as JsonObject;
  if (!total || !Array.isArray(iterations)) return total;
  const steps = (iterations as readonly (Counted | null)[]).flatMap((step) =>
    step && BESIDE_TOTALS.has(step.type) ? [readUsage({ usage: toUsage(step) })] : [],
  );
  return steps.reduce<Usage>((sum, step) => (step ? added(sum, step) : sum), total);
}

function added(sum: Usage, step: Usage): Usage {
  const counts = ['inputTokens', 'outputTokens', 'cachedInputTokens', 'cacheWriteInputTokens', 'hourCacheWriteInputTokens'] as const;
  const totals = counts.map((count) => [count, (sum[count] ?? 0) + (step[count] ?? 0)] as const).filter(([, total]) => total > 0);
  return { ...sum, ...Object.fromEntries(totals) };
}

const TIERS: Readonly<Record<string, string>> = { standard: 'default', priority: 'priority', batch: 'batch' };

/** The tier that the call was served in, by OpenAI's name. */
export function tierOf({ service_tier: tier }: JsonObject): { readonly service_tier?: string } {
  return typeof tier === 'string' ? { service_tier: TIERS[tier] ?? tier } : {};
}
