import { type ProviderCall, unsupportedParameter } from '@sluice/core';
import { textsOf } from './retrieval-host.ts';

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
