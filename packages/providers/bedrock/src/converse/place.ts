import { GatewayError } from '@sluice/core';
import type { DocumentNames } from './documents.ts';

/** Where something stands in the request, whom to name when the provider cannot honour it, and the documents so far. */
export type Place = { readonly path: string; readonly provider: string; readonly documents: DocumentNames };

export function invalid(param: string, what: string): GatewayError {
  return new GatewayError('invalid_request', `'${param}' ${what}`, { param });
}
