import type { JsonObject } from '@sluice/core';
import type { Candidate, Part } from '../wire.ts';

/** What Gemini tells of a candidate besides its answer; it goes on as it is, under names of the usual form. */
const OWN_FIELDS: Readonly<Record<string, string>> = {
  groundingMetadata: 'grounding_metadata',
  urlContextMetadata: 'url_context_metadata',
  citationMetadata: 'citation_metadata',
  safetyRatings: 'safety_ratings',
  finishMessage: 'finish_message',
};

export function ownFieldsOf(candidate: Candidate): JsonObject {
  const found = Object.entries(OWN_FIELDS).filter(([field]) => candidate[field] !== undefined);
  return Object.fromEntries(found.map(([field, name]) => [name, candidate[field]]));
}

/** An image that the model has made. */
export function toImage({ inlineData }: Part): JsonObject | undefined {
  if (!inlineData) return undefined;
  return { type: 'image_url', image_url: { url: `data:${inlineData.mimeType};base64,${inlineData.data}` } };
}

/** Code that was run at Google, and what came of it. */
export function isCode(part: Part): boolean {
  return part.executableCode !== undefined || part.codeExecutionResult !== undefined;
}

export function blockedText({ blockReason = 'OTHER', blockReasonMessage }: { readonly blockReason?: string; readonly blockReasonMessage?: string }): string {
  return blockReasonMessage ?? `The prompt was blocked: ${blockReason}`;
}
