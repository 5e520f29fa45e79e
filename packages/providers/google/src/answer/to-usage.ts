import type { JsonObject, WireUsage } from '@sluice/core';
import type { Candidate, ModalityTokens, UsageMetadata } from '../wire.ts';

/**
 * Usage as OpenAI reports it: what built-in tools read is input, and thoughts, which Gemini counts beside the answer,
 * are output. Nothing where there are no counts. https://ai.google.dev/api/generate-content#UsageMetadata
 */
export function toUsage(metadata: UsageMetadata | undefined, searches = 0): WireUsage | undefined {
  if (metadata?.promptTokenCount === undefined && metadata?.totalTokenCount === undefined) return undefined;
  const { promptTokenCount: prompt = 0, toolUsePromptTokenCount: read = 0, candidatesTokenCount: said = 0, thoughtsTokenCount: thought = 0 } = metadata;
  const { totalTokenCount: total = prompt + read + said + thought, cachedContentTokenCount: cached, cacheTokensDetails: cachedBy } = metadata;
  const input = prompt + read;
  // Should a model ever count its thoughts within the answer, the total tells.
  const output = total === input + said ? said : said + thought;
  const promptBy = [...(metadata.promptTokensDetails ?? []), ...(metadata.toolUsePromptTokensDetails ?? [])];
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: total,
    prompt_tokens_details: {
      ...details({ cached_tokens: cached, ...modalities(promptBy) }),
      ...(cachedBy && { cached_tokens_details: details(modalities(cachedBy)) }),
    },
    completion_tokens_details: details({ reasoning_tokens: thought, ...modalities(metadata.candidatesTokensDetails) }),
    ...(searches > 0 && { server_tool_use: { web_search_requests: searches } }),
  };
}

/** Gemini 2 and its elders are paid by the prompt that was searched for, later ones by the search. https://ai.google.dev/gemini-api/docs/pricing */
const PAID_BY_PROMPT = /gemini-(?:[12][.-]|live-2)/;

/** How many searches are to be paid for what stands behind these candidates. */
export function searchesFor(candidates: readonly Candidate[] | undefined, model: string): number {
  const queries = candidates?.reduce((sum, candidate) => sum + queriesIn(candidate), 0) ?? 0;
  return PAID_BY_PROMPT.test(model) ? Math.min(queries, 1) : queries;
}

function queriesIn({ groundingMetadata }: Candidate): number {
  const { webSearchQueries: queries } = (groundingMetadata ?? {}) as { readonly webSearchQueries?: unknown };
  return Array.isArray(queries) ? new Set(queries.filter((query) => query !== '')).size : 0;
}

const TIERS: Readonly<Record<string, string>> = {
  standard: 'default',
  on_demand: 'default',
  on_demand_flex: 'flex',
  on_demand_priority: 'priority',
};

/** The tier that the call was served in, by OpenAI's name: Gemini tells it itself, Vertex as a kind of traffic. */
export function tierOf({ serviceTier, trafficType }: UsageMetadata = {}): JsonObject {
  const told = serviceTier ?? trafficType;
  if (typeof told !== 'string') return {};
  const tier = told.toLowerCase().replace(/^service_tier_/, '');
  return tier.endsWith('unspecified') ? {} : { service_tier: TIERS[tier] ?? tier };
}

function modalities(counts: ModalityTokens = []): { audio_tokens: number; image_tokens: number } {
  const of = (wanted: string): number => counts.reduce((sum, { modality, tokenCount = 0 }) => (modality === wanted ? sum + tokenCount : sum), 0);
  return { audio_tokens: of('AUDIO'), image_tokens: of('IMAGE') };
}

function details(counts: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter((entry): entry is [string, number] => entry[1] !== undefined && entry[1] > 0));
}
