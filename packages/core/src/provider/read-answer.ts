import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import { abandon } from '../stream/abandon.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import { andThen } from '../stream/maybe-promise.ts';
import { SseSplitter } from '../stream/sse-splitter.ts';
import type { Reply } from '../types/call.ts';
import type { JsonObject, MaybePromise } from '../types/json.ts';
import { collect } from './collect.ts';
import { mapSafely } from './map-safely.ts';
import { openBytes } from './open-bytes.ts';
import { openStream } from './open-stream.ts';
import type { Mapping, ProviderCall, WireResponse } from './provider.ts';
import { openBill, type Reading } from './reading.ts';
import { readWhole } from './read-whole.ts';

const MAX_EVENT_BYTES = 16 * 1024 * 1024;

export type ReadLimits = {
  /** Longest complete answer that is read. */
  readonly maxBytes: number;
  /** Longest wait for the first event of a stream, in milliseconds. Default: as any silence. */
  readonly firstEventMs: number | undefined;
};

/** A provider's success, in whichever form it came, as a reply; and its usage, charged to the call. */
export function readAnswer(
  ctx: Context,
  mapping: Mapping,
  call: ProviderCall,
  response: WireResponse,
  { maxBytes, firstEventMs }: ReadLimits,
): MaybePromise<Reply> {
  const reading: Reading = { ctx, mapping, call, charge: openBill(ctx), firstEventMs };
  requirePlain(response);
  const contentType = String(response.headers['content-type'] ?? '');
  const isJson = mapping.answersBytes !== 'always' && contentType.includes('json');
  const framed = call.request.stream === true ? mapping.framing?.(mediaType(contentType), MAX_EVENT_BYTES) : undefined;
  if (framed) return openStream(reading, response, framed);
  if (contentType.startsWith('text/event-stream') && mapping.answersBytes !== 'always') {
    requireStreamAsked(mapping, call, response);
    return openStream(reading, response, new SseSplitter(MAX_EVENT_BYTES));
  }
  if (mapping.answersBytes && !isJson) return openBytes(reading, response, contentType);
  if (mapping.fromBytes && !isJson) return andThen(collect(response.body, maxBytes), (bytes) => readWhole(reading, wrapped(reading, contentType, bytes)));
  // Some hosts stream under no name, or a wrong one.
  if (call.request.stream === true && !isJson) return openStream(reading, response, new SseSplitter(MAX_EVENT_BYTES));
  return andThen(collect(response.body, maxBytes), (bytes) => readWhole(reading, LazyJson.ofBytes(bytes)));
}

function wrapped({ mapping, call }: Reading, contentType: string, bytes: Buffer): LazyJson<JsonObject> {
  return LazyJson.ofValue(mapSafely(() => mapping.fromBytes?.({ contentType, bytes }, call)) ?? {});
}

function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] as string).trim().toLowerCase();
}

/** Nothing but plain was asked for. */
function requirePlain({ headers, body }: WireResponse): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return;
  abandon(body);
  throw new GatewayError('upstream_invalid_answer', `The provider packed its answer (${String(encoding)}) though it was not asked to`);
}

/** Files and speech ask for a stream in fields of their own, which only the provider needs to know. */
function requireStreamAsked(mapping: Mapping, call: ProviderCall, { body }: WireResponse): void {
  if (call.request.stream === true || call.upload || mapping.answersBytes) return;
  abandon(body);
  throw new GatewayError('upstream_invalid_answer', 'The provider answered with a stream that was not asked for');
}
