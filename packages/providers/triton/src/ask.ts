import type { Deployment } from '@sluice/core';

/** Where a request about a deployment's model goes, and with which headers. */
export type Ask = (
  deployment: Deployment,
  action: 'generate' | 'generate_stream' | 'infer',
) => { readonly url: string; readonly headers: Readonly<Record<string, string>> };
