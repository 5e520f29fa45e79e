import { BOOKKEEPING_FIELDS, type ModelRequest, type ProviderCall, supportedRequest } from '@sluice/core';

/** The request, after every field but these and `own` was refused, or left out where the deployment's rules say so. */
export function knownRequest(call: ProviderCall, own: readonly string[]): ModelRequest {
  const known = new Set(['model', ...BOOKKEEPING_FIELDS, ...own]);
  return supportedRequest(
    call,
    Object.keys(call.request).filter((field) => !known.has(field)),
  );
}
