import type { JsonObject } from '@sluice/core';

/**
 * Gemini signs its thoughts and wants the signatures back. They travel where Google's own OpenAI-shaped API keeps them,
 * so that callers who know that one keep them here. https://ai.google.dev/gemini-api/docs/thought-signatures
 */
export type ExtraContent = { readonly extra_content: { readonly google: JsonObject } };

export function withSignature(signature: string | undefined): ExtraContent | undefined {
  return signature === undefined ? undefined : { extra_content: { google: { thought_signature: signature } } };
}

/** The signature on a message or a tool call, where the caller has kept it. */
export function signatureOf(holder: JsonObject): string | undefined {
  const { extra_content: extra } = holder as { readonly extra_content?: { readonly google?: { readonly thought_signature?: unknown } | null } | null };
  const signature = extra?.google?.thought_signature;
  return typeof signature === 'string' && signature !== '' ? signature : undefined;
}
