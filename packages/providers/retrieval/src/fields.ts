import { BOOKKEEPING_FIELDS, knownRequest, type ModelRequest, type ProviderCall, unsupportedParameter } from '@sluice/core';
import { textsOf } from './retrieval-host.ts';

/** The request without what only keeps books, and without what the host does not know and would refuse. */
export function knownFields(call: ProviderCall, known: readonly string[]): ModelRequest {
  const books = new Set(BOOKKEEPING_FIELDS);
  return Object.fromEntries(
    Object.entries(knownRequest(call, known)).filter(([field, value]) => !books.has(field) && value !== undefined && value !== null),
  ) as ModelRequest;
}

/** `input` where the host reads texts only. */
export function requireTexts({ request: { input }, deployment: { provider } }: ProviderCall): void {
  if (![input].flat().every((item) => typeof item === 'string')) throw unsupportedParameter('input', provider, 'it takes texts, not tokens');
}

/** The documents of a rerank request, where the host reads texts only. */
export function requireDocuments({ request, deployment: { provider } }: ProviderCall): readonly string[] {
  return textsOf(request).map((text, index) => {
    if (text === undefined) throw unsupportedParameter(`documents[${index}]`, provider, 'it has no text');
    return text;
  });
}
