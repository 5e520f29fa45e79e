import type { Mapping } from '@sluice/core';
import type { EndpointOf } from './endpoint.ts';
import { toChunks } from './reply/to-chunks.ts';
import { toReply } from './reply/to-reply.ts';
import { betasOf } from './request/betas.ts';
import { toBody } from './request/to-body.ts';
import { toError } from './to-error.ts';

/** Chat over Anthropic's Messages. https://docs.claude.com/en/api/messages */
export function messages(endpointOf: EndpointOf): Mapping {
  return {
    toRequest(call) {
      const { baseUrl, headers } = endpointOf(call.deployment);
      const body = toBody(call);
      const betas = betasOf(body, headers['anthropic-beta']);
      return { url: `${baseUrl}/messages`, headers: betas === undefined ? headers : { ...headers, 'anthropic-beta': betas }, body: JSON.stringify(body) };
    },
    needs: ['user-first', 'text-in-questions', 'tools-for-calls', 'results-for-calls', 'thoughts-for-calls'],
    toReply: (body, call) => toReply(body, call),
    toChunks,
    isEnd: ({ event, data }) => (event === undefined ? END.test(data) : event === 'message_stop'),
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}

const END = /"type"\s*:\s*"message_stop"/;
