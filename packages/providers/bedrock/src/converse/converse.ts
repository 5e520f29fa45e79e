import type { Mapping } from '@sluice/core';
import { type AwsSigner, EventStreamSplitter, toAwsError } from '@sluice/aws-wire';
import { toChunks } from '../answer/to-chunks.ts';
import { toReply } from '../answer/to-reply.ts';
import type { EndpointOf } from '../endpoint.ts';
import { toBody } from './to-body.ts';

/** Chat over Converse and ConverseStream. https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference.html */
export function converse(endpointOf: EndpointOf, signer: AwsSigner): Mapping {
  return {
    toRequest(call) {
      const { url, headers } = endpointOf(call.deployment);
      return { url: url(call.request.stream === true ? 'converse-stream' : 'converse'), headers, body: JSON.stringify(toBody(call)) };
    },
    needs: ['user-first', 'text-in-questions', 'tools-for-calls', 'results-for-calls', 'thoughts-for-calls'],
    // It reads data and S3, and no other address.
    needsBytes: () => true,
    framing: eventStream,
    toReply,
    toChunks,
    // Usage stands behind the reason why the answer ended.
    isEnd: ({ event }) => event === 'metadata',
    toError: errorsOf(signer),
  };
}

/** Whatever is no JSON: proxies take the type of a binary stream away. */
export function eventStream(contentType: string, maxEventBytes: number): EventStreamSplitter | undefined {
  return contentType.includes('json') || contentType === 'text/event-stream' ? undefined : new EventStreamSplitter(maxEventBytes);
}

/** Errors that do not repeat the key of the deployment. */
export function errorsOf({ accessOf }: AwsSigner): Mapping['toError'] {
  return (error, { deployment }) => {
    const { identity } = accessOf(deployment);
    return toAwsError(error, identity.kind === 'bearer' ? identity.key : undefined);
  };
}
