import type { Deployment } from '@sluice/core';

/** Where a request about a deployment's model goes, and with which headers. */
export type Ask = (
  deployment: Deployment,
  task: 'chatbot' | 'generation' | 'embeddings' | 'image-generation',
) => { readonly url: string; readonly headers: Readonly<Record<string, string>> };
