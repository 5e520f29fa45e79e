import type { Mapping } from '@sluice/core';
import type { EndpointOf } from '@sluice/openai-wire';
import { OutputSplitter } from './answer/output-splitter.ts';
import { toChunks } from './answer/to-chunks.ts';
import { toReply } from './answer/to-reply.ts';
import { FOLLOWS_TO, nextOf, predictionIn, toPredictionRequest } from './prediction.ts';
import { toTextInput } from './request/text-input.ts';
import { toError } from './to-error.ts';

/** Language models, asked by messages or by a prompt. https://replicate.com/docs/topics/predictions/streaming */
export function text(endpointOf: EndpointOf): Mapping {
  return {
    toRequest: (call) => toPredictionRequest(call, endpointOf(call.deployment), toTextInput(call)),
    // A stream does not tell how long it has taken: what is paid by the second is asked for until it is over.
    follow: (body, { request, deployment }) =>
      nextOf(predictionIn(body), endpointOf(deployment), request.stream === true && deployment.price?.perSecond === undefined),
    followsTo: FOLLOWS_TO,
    framing: (contentType, maxEventBytes) => (contentType === 'text/event-stream' ? new OutputSplitter(maxEventBytes) : undefined),
    toReply: (body, call) => toReply(predictionIn(body), call),
    toChunks,
    isEnd: ({ event }) => event === 'done',
    toError: (error, { deployment }) => toError(error, endpointOf(deployment).key),
  };
}
