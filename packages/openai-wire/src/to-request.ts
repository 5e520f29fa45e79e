import { type FormValues, type Mapping, type ModelRequest, type ProviderCall, supportedRequest, type WireRequest } from '@sluice/core';
import type { EndpointOf } from './endpoint.ts';
import type { ModelOperation } from './host.ts';
import type { Quirk } from './quirks/quirk.ts';
import { toJsonBody } from './request-body.ts';

export type JsonRequestOptions = {
  /** Streams are to report usage, whether the caller wants to see it or not. */
  readonly asksForUsage?: boolean;
  /** What the host does not have. */
  readonly lacks?: readonly string[];
};

/** The call as JSON. */
export function jsonRequest(
  endpointOf: EndpointOf,
  quirks: readonly Quirk[],
  { asksForUsage = false, lacks = [] }: JsonRequestOptions = {},
): Mapping['toRequest'] {
  const rewrites = quirks.flatMap(({ toRequest }) => toRequest ?? []);
  const mayAsk = asksForUsage && !quirks.some(({ refusesStreamOptions }) => refusesStreamOptions);
  return (call) => {
    const endpoint = endpointOf(call.deployment);
    const request = rewrites.reduce<ModelRequest>((rewritten, rewrite) => rewrite(rewritten, call), supportedRequest(call, lacks));
    return { url: endpoint.url(call.operation as ModelOperation), headers: endpoint.jsonHeaders, body: toJsonBody(call, request, mayAsk) };
  };
}

/** Files go on as they come, with the fields of `toFields` in place of the caller's; images may also be named by URL, in plain JSON. */
export function fileRequest(endpointOf: EndpointOf, toFields: (call: ProviderCall) => FormValues = () => ({})): Mapping['toRequest'] {
  const withoutFile = jsonRequest(endpointOf, []);
  return (call: ProviderCall): WireRequest => {
    const { upload, deployment, operation } = call;
    if (!upload) return withoutFile(call);
    const endpoint = endpointOf(deployment);
    return {
      url: endpoint.url(operation as ModelOperation),
      headers: { ...endpoint.headers, 'content-type': upload.contentType },
      body: upload.body({ model: deployment.model, ...toFields(call) }),
    };
  };
}
