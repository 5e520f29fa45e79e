import { type ChatRequest, countedMessages, type JsonObject, type Mapping, type ProviderCall, refuser } from '@sluice/core';
import { toContents } from '../chat/messages.ts';
import { toTools } from '../chat/tools.ts';
import type { EndpointOf } from '../endpoint.ts';
import { toError } from '../to-error.ts';

/** AI Studio wants what stands beside the contents within a whole request; Vertex takes it as it is. https://ai.google.dev/api/tokens */
export function countTokens(endpointOf: EndpointOf, { isNested }: { readonly isNested: boolean }): Mapping {
  return {
    toRequest(call) {
      const { url, headers, model } = endpointOf(call.deployment);
      const body = toBody(call);
      return { url: url('countTokens'), headers, body: JSON.stringify(isNested ? { generateContentRequest: { model, ...body } } : body) };
    },
    toReply: (body) => ({ input_tokens: (body as { readonly totalTokens?: unknown }).totalTokens }),
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}

function toBody({ request, deployment }: ProviderCall): JsonObject {
  const tools = toTools(request as ChatRequest, refuser(deployment));
  return { ...toContents(countedMessages(request), deployment, false), ...(tools.length > 0 && { tools }) };
}
