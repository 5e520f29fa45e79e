import { speedAndPlace } from '../pricing/asked-tier.ts';
import type { Usage, UsageCounts } from '../types/usage.ts';
import type { WireUsage } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import { reportedCostIn } from './reported-cost.ts';
import { webSearchesIn } from './web-searches.ts';

type InputDetails = WireUsage['prompt_tokens_details'];

type ReportedUsage = WireUsage & {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly input_tokens_details?: InputDetails;
  /** As transcriptions have it. */
  readonly input_token_details?: InputDetails;
  readonly output_tokens_details?: WireUsage['completion_tokens_details'];
  readonly cache_creation?: { readonly ephemeral_1h_input_tokens?: number } | null;
  readonly citation_tokens?: number;
  readonly seconds?: number;
};

/**
 * Usage as OpenAI's operations report it: chat and embeddings by `prompt_tokens`, responses, images and
 * audio by `input_tokens` or `seconds`; with the service tier and the searches that the answer tells of,
 * and what the provider says that it costs.
 * Nothing when the reply reports no counts; absurd numbers count as none.
 */
export function readUsage(reply: JsonObject): Usage | undefined {
  const usage = reply.usage as ReportedUsage | null | undefined;
  if (usage === null || typeof usage !== 'object') return undefined;
  const inputDetails = usage.prompt_tokens_details ?? usage.input_tokens_details ?? usage.input_token_details;
  const outputDetails = usage.completion_tokens_details ?? usage.output_tokens_details;
  const inputTokens = count(usage.prompt_tokens ?? usage.input_tokens);
  const outputTokens = count(usage.completion_tokens ?? usage.output_tokens);
  const seconds = count(usage.seconds);
  if (inputTokens === undefined && outputTokens === undefined && seconds === undefined) return undefined;
  const read: Counts = { inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0 };
  note(read, 'cachedInputTokens', inputDetails?.cached_tokens);
  note(read, 'cachedAudioInputTokens', inputDetails?.cached_tokens_details?.audio_tokens);
  note(read, 'cachedImageInputTokens', inputDetails?.cached_tokens_details?.image_tokens);
  note(read, 'cacheWriteInputTokens', inputDetails?.cache_write_tokens);
  note(read, 'hourCacheWriteInputTokens', usage.cache_creation?.ephemeral_1h_input_tokens);
  note(read, 'audioInputTokens', inputDetails?.audio_tokens);
  note(read, 'imageInputTokens', inputDetails?.image_tokens);
  note(read, 'reasoningTokens', outputDetails?.reasoning_tokens);
  note(read, 'audioOutputTokens', outputDetails?.audio_tokens);
  note(read, 'imageOutputTokens', outputDetails?.image_tokens);
  note(read, 'citationTokens', usage.citation_tokens);
  note(read, 'seconds', seconds);
  note(read, 'webSearches', webSearchesIn(reply, usage));
  const reported = reportedCostIn(reply);
  return { ...read, ...termsIn(reply, usage), ...(reported !== undefined && { reportedCostNanoUsd: reported }) };
}

/** What the price depends on beside the counts. */
function termsIn({ service_tier: tier }: JsonObject, usage: JsonObject): Pick<Usage, 'serviceTier' | 'webSearchSize'> {
  const { service_tier: counted, search_context_size: size, speed, inference_geo: place } = usage;
  const serviceTier = speedAndPlace({ speed, place }) ?? tier ?? counted;
  return { ...(typeof serviceTier === 'string' && { serviceTier }), ...((size === 'low' || size === 'high') && { webSearchSize: size }) };
}

type Counts = { -readonly [part in keyof UsageCounts]: UsageCounts[part] };

/** More than any call can use: a defect upstream, which must not become money. */
const ABSURD = 1e10;

function count(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value < ABSURD ? value : undefined;
}

function note(read: Counts, part: keyof UsageCounts, value: unknown): void {
  const number = count(value);
  if (number !== undefined && number !== 0) read[part] = number;
}
