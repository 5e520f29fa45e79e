import type { FinishReason, JsonObject, WireUsage } from '@sluice/core';
import type { ByProvider, Content, FinishReason as ModelFinishReason, ModelUsage } from '../specification.ts';

/** Why the model stopped, in OpenAI's words; its own stands beside it. */
export function finishOf({ unified, raw }: ModelFinishReason, hasCalls: boolean): JsonObject {
  return { finish_reason: toFinishReason(unified, hasCalls), ...(raw !== undefined && { native_finish_reason: raw }) };
}

function toFinishReason(unified: string, hasCalls: boolean): FinishReason {
  switch (unified) {
    case 'length':
      return 'length';
    case 'content-filter':
      return 'content_filter';
    case 'tool-calls':
      return 'tool_calls';
    case 'stop':
      return 'stop';
    default:
      return hasCalls ? 'tool_calls' : 'stop';
  }
}

/** Nothing where the package does not know; the gateway then counts for itself. */
export function toUsage(usage: ModelUsage | undefined): WireUsage | undefined {
  const input = usage?.inputTokens.total;
  const output = usage?.outputTokens.total;
  if (usage === undefined || (input === undefined && output === undefined)) return undefined;
  const { cacheRead, cacheWrite } = usage.inputTokens;
  const { reasoning } = usage.outputTokens;
  return {
    prompt_tokens: input ?? 0,
    completion_tokens: output ?? 0,
    total_tokens: (input ?? 0) + (output ?? 0),
    ...((cacheRead || cacheWrite) && {
      prompt_tokens_details: { ...(cacheRead && { cached_tokens: cacheRead }), ...(cacheWrite && { cache_write_tokens: cacheWrite }) },
    }),
    ...(reasoning && { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

/** A thought as it has to come back in the next turn: with what its provider said beside it. */
export function toThinkingBlock(text: string, metadata: ByProvider | undefined): JsonObject {
  return { type: 'thinking', thinking: text, ...withMetadata(metadata) };
}

/** Data of the provider's, kept under the name that OpenAI-shaped answers have no word for. */
export function withMetadata(metadata: ByProvider | undefined): JsonObject {
  return metadata === undefined ? {} : { provider_metadata: metadata };
}

export function isOwnCall({ type, providerExecuted }: { readonly type: string; readonly providerExecuted?: boolean }): boolean {
  return type === 'tool-call' && providerExecuted !== true;
}

/** What OpenAI's message has a place for, besides text, thoughts and calls; everything else goes on as `provider_content`. */
export function toExtras(part: Content): { readonly image?: JsonObject; readonly annotation?: JsonObject; readonly other?: JsonObject } {
  const url = part.type === 'file' && part.mediaType?.startsWith('image/') === true ? fileUrl(part) : undefined;
  if (url !== undefined) return { image: { type: 'image_url', image_url: { url } } };
  if (part.type === 'source' && part.sourceType === 'url')
    return { annotation: { type: 'url_citation', url_citation: { url: part.url, title: part.title ?? '' } } };
  return { other: jsonable(part) as JsonObject };
}

function fileUrl({ mediaType, data }: Content): string | undefined {
  const given = (data as { readonly data?: unknown } | undefined)?.data ?? (data as { readonly url?: unknown } | undefined)?.url ?? data;
  if (given instanceof URL) return given.href;
  const base64 = given instanceof Uint8Array ? Buffer.from(given).toString('base64') : given;
  return typeof base64 === 'string' ? `data:${mediaType};base64,${base64}` : undefined;
}

/** Bytes would be written out as numbers by their index. */
function jsonable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(jsonable);
  if (value === null || typeof value !== 'object' || value instanceof URL || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, jsonable(item)]));
}
