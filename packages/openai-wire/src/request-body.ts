import type { JsonObject, ModelRequest, ProviderCall } from '@sluice/core';
import { spliceJson } from './json-splice.ts';

const ASK_FOR_USAGE = ',"stream_options":{"include_usage":true}';

/**
 * The JSON body of a call. The caller's bytes go on with the provider's model name put in where that is safe,
 * and where nothing else has to change; otherwise the request is written anew.
 */
export function toJsonBody(call: ProviderCall, request: ModelRequest, asksForUsage: boolean): string | Uint8Array {
  const { model } = call.deployment;
  const lacksUsage = asksForUsage && request.stream === true;
  if (call.received && request === call.request && (!lacksUsage || hasUsage(request) || request.stream_options === undefined)) {
    const spliced = spliceJson(call.received, request, model, lacksUsage && !hasUsage(request) ? ASK_FOR_USAGE : '');
    if (spliced) return spliced;
  }
  return JSON.stringify(lacksUsage ? { ...request, model, stream_options: withUsage(request) } : { ...request, model });
}

function hasUsage({ stream_options: options }: ModelRequest): boolean {
  return (options as JsonObject | null | undefined)?.include_usage === true;
}

function withUsage({ stream_options: options }: ModelRequest): JsonObject {
  return { ...(options as JsonObject | null | undefined), include_usage: true };
}
