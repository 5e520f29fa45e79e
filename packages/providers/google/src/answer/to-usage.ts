import type { WireUsage } from '@sluice/core';
import type { UsageMetadata } from '../wire.ts';

/**
 * Usage as OpenAI reports it: what built-in tools read is input, and thoughts, which Gemini counts beside the answer,
 * are output. Nothing where there are no counts. https://ai.google.dev/api/generate-content#UsageMetadata
 */
export function toUsage(metadata: UsageMetadata | undefined): WireUsage | undefined {
  if (metadata?.promptTokenCount === undefined && metadata?.totalTokenCount === undefined) return undefined;
  const { promptTokenCount: prompt = 0, toolUsePromptTokenCount: read = 0, candidatesTokenCount: said = 0, thoughtsTokenCount: thought = 0 } = metadata;
  const { totalTokenCount: total = prompt + read + said + thought, cachedContentTokenCount: cached } = metadata;
  const input = prompt + read;
  // Should a model ever count its thoughts within the answer, the total tells.
  const output = total === input + said ? said : said + thought;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: total,
    prompt_tokens_details: details({ cached_tokens: cached, ...modalities(metadata.promptTokensDetails) }),
    completion_tokens_details: details({ reasoning_tokens: thought, ...modalities(metadata.candidatesTokensDetails) }),
  };
}

function modalities(counts: UsageMetadata['promptTokensDetails'] = []): { audio_tokens: number; image_tokens: number } {
  const of = (wanted: string): number => counts.reduce((sum, { modality, tokenCount = 0 }) => (modality === wanted ? sum + tokenCount : sum), 0);
  return { audio_tokens: of('AUDIO'), image_tokens: of('IMAGE') };
}

function details(counts: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter((entry): entry is [string, number] => entry[1] !== undefined && entry[1] > 0));
}
