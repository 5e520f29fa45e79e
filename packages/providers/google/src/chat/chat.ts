import { type JsonObject, JsonArraySplitter, type Mapping, type ProviderCall } from '@sluice/core';
import { joinEvents } from '../answer/join-events.ts';
import { isLast, toChunks } from '../answer/to-chunks.ts';
import { toReply } from '../answer/to-reply.ts';
import type { EndpointOf } from '../endpoint.ts';
import { toError } from '../to-error.ts';
import type { GenerateContentResponse } from '../wire.ts';
import { toChatRequest } from './to-chat-request.ts';

/**
 * Chat by `generateContent`, and by `streamGenerateContent` with server-sent events. Calls of functions keep their ids
 * where the host has any.
 */
export function chat(endpointOf: EndpointOf, { hasCallIds }: { readonly hasCallIds: boolean }): Mapping {
  return {
    toRequest(call) {
      const endpoint = endpointOf(call.deployment);
      return {
        url: endpoint.url(call.request.stream === true ? 'streamGenerateContent?alt=sse' : 'generateContent'),
        headers: endpoint.headers,
        body: JSON.stringify(toChatRequest(call, hasCallIds)),
      };
    },
    toReply: (body: unknown, call: ProviderCall): JsonObject => toReply(Array.isArray(body) ? joinEvents(body) : (body as GenerateContentResponse), call),
    // Proxies that do not pass `alt=sse` on answer with a list.
    framing: (contentType, maxEventBytes) => (contentType === 'application/json' ? new JsonArraySplitter(maxEventBytes) : undefined),
    toChunks,
    isEnd: isLast,
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}
