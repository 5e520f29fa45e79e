import { BOOKKEEPING_FIELDS, type ModelRequest, type ProviderCall, supportedRequest } from '@sluice/core';
import { withOwn } from './source.ts';
import type { ByProvider } from './specification.ts';

/**
 * The request with nothing in it but `known` fields, and the options for the model's provider: the caller's own, and
 * fields that the rules let through, which have no other place.
 * @throws GatewayError `unsupported_parameter` for the first field that is not known.
 */
export function readFields(
  call: ProviderCall,
  known: readonly string[],
  modelProvider: string,
): { readonly request: ModelRequest; readonly options: ByProvider | undefined } {
  const names = new Set([...known, ...BOOKKEEPING_FIELDS, 'model', 'provider_options']);
  const request = supportedRequest(
    call,
    Object.keys(call.request).filter((field) => !names.has(field)),
  );
  const others = Object.entries(request).filter(([field]) => !names.has(field));
  return { request, options: withOwn(request.provider_options, modelProvider, Object.fromEntries(others)) };
}
