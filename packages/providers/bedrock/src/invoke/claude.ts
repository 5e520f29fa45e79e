import { messages } from '@sluice/anthropic-wire';
import type { AwsSigner, EventStreamSplitter } from '@sluice/aws-wire';
import type { JsonObject, Mapping, SplitBytes, Splitter, WireEvent, WireRequest } from '@sluice/core';
import { errorsOf, eventStream } from '../converse/converse.ts';
import type { EndpointOf } from '../endpoint.ts';

const ANTHROPIC_VERSION = 'bedrock-2023-05-31';
/** Anthropic's errors come inside streams; all others are Amazon's. */
const ANTHROPICS = /"type"\s*:\s*"error"/;

/**
 * Claude in its own words: Messages by InvokeModel, with the model in the address.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html
 */
export function claude(endpointOf: EndpointOf, signer: AwsSigner): Mapping {
  const toAmazonsError = errorsOf(signer);
  const mapping = messages({
    endpointOf(deployment) {
      const { url, headers } = endpointOf(deployment);
      return { url: (isStream) => url(isStream ? 'invoke-with-response-stream' : 'invoke'), headers, key: undefined };
    },
    toWireBody: ({ model: _model, stream: _stream, ...body }) => ({ anthropic_version: ANTHROPIC_VERSION, ...body }),
  });
  return {
    ...mapping,
    toRequest: (call) => withBetasInBody(mapping.toRequest(call)),
    // Its sources are bytes only.
    needsBytes: ({ kind }) => kind === 'image' || kind === 'file',
    framing(contentType, maxEventBytes) {
      const frames = eventStream(contentType, maxEventBytes);
      return frames && unwrapping(frames);
    },
    toError: (error, call) => (ANTHROPICS.test(error.body) ? mapping.toError : toAmazonsError)(error, call),
  };
}

/** Trials are named within the body here. */
function withBetasInBody(wire: WireRequest): WireRequest {
  const { 'anthropic-beta': named, ...headers } = wire.headers;
  if (named === undefined) return wire;
  const body = JSON.parse(wire.body as string) as JsonObject;
  const asked = Array.isArray(body.anthropic_beta) ? (body.anthropic_beta as readonly string[]) : [];
  const betas = new Set([...asked, ...named.split(',').flatMap((name) => name.trim() || [])]);
  return { ...wire, headers, body: JSON.stringify({ ...body, anthropic_beta: [...betas] }) };
}

/** Each frame wraps one event of Messages, in base64. */
function unwrapping(frames: EventStreamSplitter): Splitter {
  const unwrapped = ({ events, wire }: SplitBytes): SplitBytes => ({ events: events.map(unwrap), wire });
  return { push: (bytes) => unwrapped(frames.push(bytes)), flush: () => unwrapped(frames.flush()) };
}

function unwrap(frame: WireEvent): WireEvent {
  if (frame.event !== 'chunk') return frame;
  const { bytes } = JSON.parse(frame.data) as { readonly bytes?: unknown };
  return typeof bytes === 'string' ? { event: undefined, data: Buffer.from(bytes, 'base64').toString('utf8') } : frame;
}
