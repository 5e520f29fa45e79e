import type { JsonObject, Mapping, ProviderCall } from '@sluice/core';
import { joinEvents } from '../answer/join-events.ts';
import { isLast, toChunks } from '../answer/to-chunks.ts';
import { toReply } from '../answer/to-reply.ts';
import type { EndpointOf } from '../endpoint.ts';
import { toError } from '../to-error.ts';
import type { GenerateContentResponse } from '../wire.ts';
import { toChatRequest } from './to-chat-request.ts';

/** Chat by `generateContent`, and by `streamGenerateContent` with server-sent events. */
export function chat(endpointOf: EndpointOf): Mapping {
  return {
    toRequest(call) {
      const endpoint = endpointOf(call.deployment);
      return {
        url: endpoint.url(call.request.stream === true ? 'streamGenerateContent?alt=sse' : 'generateContent'),
        headers: endpoint.headers,
        body: JSON.stringify(toChatRequest(call)),
      };
    },
    toReply: (body: unknown, call: ProviderCall): JsonObject => toReply(Array.isArray(body) ? joinEvents(body) : (body as GenerateContentResponse), call),
    toChunks,
    isEnd: isLast,
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}
