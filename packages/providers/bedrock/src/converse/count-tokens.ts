import { countedMessages, type JsonObject, type Mapping, type ProviderCall } from '@sluice/core';
import type { AwsSigner } from '@sluice/aws-wire';
import type { EndpointOf } from '../endpoint.ts';
import { converse, errorsOf } from './converse.ts';
import { toBody } from './to-body.ts';

/** What the tokens of a conversation depend on; the rest of Converse is refused there. */
const COUNTED = ['messages', 'system', 'toolConfig', 'additionalModelRequestFields'] as const;

/** The tokens of a chat, counted by Amazon. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html */
export function countTokens(endpointOf: EndpointOf, signer: AwsSigner): Mapping {
  const { needs = [] } = converse(endpointOf, signer);
  return {
    toRequest(call) {
      const { url, headers } = endpointOf(call.deployment);
      const body = toBody(asChat(call));
      const counted = Object.fromEntries(COUNTED.flatMap((field) => (body[field] === undefined ? [] : [[field, body[field]]])));
      return { url: withoutProfile(url('count-tokens')), headers, body: JSON.stringify({ input: { converse: counted } }) };
    },
    needs,
    toReply: (body) => ({ input_tokens: (body as JsonObject).inputTokens }),
    toError: errorsOf(signer),
  };
}

function asChat(call: ProviderCall): ProviderCall {
  const { prompt: _prompt, system: _system, ...rest } = call.request;
  return { ...call, request: { ...rest, messages: countedMessages(call.request) } };
}

/** It knows models by their own ids, and no inference profile of several regions. */
function withoutProfile(url: string): string {
  return url.replace(/\/model\/(?:us|us-gov|eu|apac|jp|au|ca|sa|global)\./, '/model/');
}
