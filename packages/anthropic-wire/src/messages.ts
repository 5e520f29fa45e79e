import type { Deployment, JsonObject, Mapping, Secret } from '@sluice/core';
import { traitsOf } from './model-traits.ts';
import { toChunks } from './reply/to-chunks.ts';
import { toReply } from './reply/to-reply.ts';
import { readBilledUsage } from './reply/to-usage.ts';
import { betasOf } from './request/betas.ts';
import { toBody } from './request/to-body.ts';
import { toError } from './to-error.ts';

/** A host that speaks Messages: what distinguishes it from the others. */
export type MessagesHost = {
  endpointOf(deployment: Deployment): MessagesEndpoint;
  /** The body as this host takes it. Default: as Anthropic does. */
  toWireBody?(body: JsonObject): JsonObject;
};

export type MessagesEndpoint = {
  url(isStream: boolean): string;
  readonly headers: Readonly<Record<string, string>>;
  /** What errors must not repeat. */
  readonly key: Secret | undefined;
};

const END = /"type"\s*:\s*"message_stop"/;

/** Chat over Anthropic's Messages. https://docs.claude.com/en/api/messages */
export function messages({ endpointOf, toWireBody = (body) => body }: MessagesHost): Mapping {
  return {
    toRequest(call) {
      const { url, headers } = endpointOf(call.deployment);
      const body = toBody(call);
      const betas = betasOf(body, headers['anthropic-beta']);
      return {
        url: url(call.request.stream === true),
        headers: betas === undefined ? headers : { ...headers, 'anthropic-beta': betas },
        body: JSON.stringify(toWireBody(body)),
      };
    },
    needs: ['user-first', 'text-in-questions', 'tools-for-calls', 'results-for-calls', 'thoughts-for-calls'],
    continues: (deployment) => (traitsOf(deployment).hasPrefix ? 'after' : undefined),
    // It reads what is behind https by itself.
    needsBytes: ({ kind, url }) => (kind === 'image' || kind === 'file') && url.startsWith('http:'),
    toReply: (body, call) => toReply(body, call),
    toChunks,
    toUsage: readBilledUsage,
    isEnd: ({ event, data }) => (event === undefined ? END.test(data) : event === 'message_stop'),
    toError: (error, call) => toError(error, endpointOf(call.deployment).key),
  };
}
