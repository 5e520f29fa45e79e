import { type JsonObject, type Mapping, type ProviderCall, refuser } from '@sluice/core';
import type { EndpointOf } from '@sluice/openai-wire';
import { toChunks } from '../answer/to-chunks.ts';
import { toReply } from '../answer/to-reply.ts';
import { billedUsage } from '../answer/usage.ts';
import { toError } from '../to-error.ts';
import type { ChatResponse } from '../wire.ts';
import { toMessages } from './messages.ts';
import { knownRequest, plainFields } from './parameters.ts';
import { toFormat } from './response-format.ts';
import { toThinking } from './thinking.ts';
import { toToolFields } from './tools.ts';

const END = /"type"\s*:\s*"message-end"/;

/** Chat by Cohere's v2. https://docs.cohere.com/v2/reference/chat */
export function chat(endpointOf: EndpointOf): Mapping {
  return {
    toRequest(call) {
      const { url, jsonHeaders: headers } = endpointOf(call.deployment);
      return { url: url('chat'), headers, body: JSON.stringify(toChatRequest(call)) };
    },
    toReply: (body, call) => toReply(body as ChatResponse, call),
    toChunks,
    toUsage: billedUsage,
    isEnd: ({ event, data }) => (event === undefined ? END.test(data) : event === 'message-end'),
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}

function toChatRequest(call: ProviderCall): JsonObject {
  const { deployment } = call;
  const refuse = refuser(deployment);
  const request = knownRequest(call);
  return {
    model: deployment.model,
    messages: toMessages(request.messages, deployment),
    ...toToolFields(request, refuse),
    ...toFormat(request, refuse),
    ...toThinking(request, deployment.model, refuse),
    ...plainFields(request),
    ...(request.stream === true && { stream: true }),
  };
}
