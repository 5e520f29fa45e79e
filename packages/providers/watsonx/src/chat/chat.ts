import { GatewayError, type JsonObject, type Mapping } from '@sluice/core';
import type { Endpoints } from '../endpoint.ts';
import { toChatFields } from './to-chat-fields.ts';

type Answer = JsonObject & {
  readonly model?: string;
  readonly model_id?: string;
  readonly choices?: readonly (JsonObject & { readonly finish_reason?: string | null })[];
};

/** No word says that a stream is complete; what was used is the last that is told. */
const END = /"usage"\s*:\s*\{/;

/** Chat, which is OpenAI's but for its head and a few words. https://cloud.ibm.com/apidocs/watsonx-ai#text-chat */
export function chat(endpointOf: Endpoints['endpointOf']): Omit<Mapping, 'toError'> {
  return {
    toRequest(call) {
      const { url, headers, head } = endpointOf(call.deployment);
      const surface = call.request.stream === true ? 'chat_stream' : 'chat';
      return { url: url(surface), headers, body: JSON.stringify({ ...head, ...toChatFields(call) }) };
    },
    toReply: (body) => toCanonical(body as Answer, 'chat.completion'),
    toChunks:
      () =>
      ({ data }) => [toCanonical(JSON.parse(data) as Answer, 'chat.completion.chunk')],
    isEnd: ({ data }) => END.test(data),
  };
}

function toCanonical(answer: Answer, object: string): JsonObject {
  const { model, model_id: id, choices } = answer;
  return {
    ...answer,
    object,
    model: model ?? id,
    ...(choices && { choices: choices.map(({ finish_reason: reason, ...choice }) => ({ ...choice, finish_reason: toFinishReason(reason) })) }),
  };
}

/** @throws GatewayError for an answer that did not come to an end. */
function toFinishReason(reason: string | null | undefined): string | null {
  switch (reason) {
    case 'time_limit':
      return 'length';
    case 'cancelled':
    case 'error':
      throw new GatewayError('upstream_error', `The model ended without an answer: ${reason}`, { retryable: true });
    default:
      return reason ?? null;
  }
}
