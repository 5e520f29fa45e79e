import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import { delivered } from '../pipeline/delivered.ts';
import { costOf } from '../pricing/cost.ts';
import { assumedUsage, transcriptUsage } from '../pricing/assumed-usage.ts';
import { estimateTokens } from '../pricing/estimate.ts';
import { abandon } from '../stream/abandon.ts';
import { afterFirst, afterFirstThat } from '../stream/after-first.ts';
import { deadline } from '../stream/deadline.ts';
import { counted } from '../stream/counted.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import { andThen } from '../stream/maybe-promise.ts';
import { turns } from '../stream/turns.ts';
import type { Splitter } from '../stream/splitter.ts';
import { SseSplitter } from '../stream/sse-splitter.ts';
import type { Batch, Operation, Reply, StreamReply, Usage, UsageCounts } from '../types/call.ts';
import type { JsonObject, MaybePromise } from '../types/json.ts';
import { onTermsOf } from './billed-usage.ts';
import { collect } from './collect.ts';
import { BEGINS_WITH_NOTHING, isVisible } from './is-visible.ts';
import { mapLines } from '../stream/map-lines.ts';
import { mapSafely } from './map-safely.ts';
import { reportedCostIn } from './reported-cost.ts';
import type { Mapping, ProviderCall, WireResponse, WrappedBytes } from './provider.ts';
import { readStream } from './read-stream.ts';
import { readReportedError } from './reported-error.ts';
import { StreamMeter } from './stream-meter.ts';
import { wholeAsChunks } from './whole-as-chunks.ts';
import { usageReaderOf } from './operation-usage.ts';
import { LAST_TURNS, UpstreamBody } from './upstream-body.ts';
import { readUsage } from './wire-usage.ts';

const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** One answer of an upstream, being read: for which call, and who writes the bill. */
type Reading = {
  readonly ctx: Context;
  readonly mapping: Mapping;
  readonly call: ProviderCall;
  readonly charge: Charge;
  readonly firstEventMs: number | undefined;
};

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
    return openStream(reading, response);
  }
  if (mapping.answersBytes && !isJson) return openBytes(reading, response, contentType);
  if (mapping.fromBytes && !isJson) return andThen(collect(response.body, maxBytes), (bytes) => readWhole(reading, wrapped(reading, contentType, bytes)));
  // Some hosts stream under no name, or a wrong one.
  if (call.request.stream === true && !isJson) return openStream(reading, response);
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

function readWhole({ ctx, mapping, call, charge }: Reading, json: LazyJson<JsonObject>): Reply {
  ctx.firstByteAt = performance.now();
  const received = parsed(json);
  const reported = isErrorOnly(received) ? readReportedError(received) : undefined;
  if (reported) {
    charge(readUsage(received));
    throw mapping.toError(reported, call);
  }
  const wrapped = mapSafely(() => mapping.toBytes?.(received, call));
  if (wrapped) return unwrapped(wrapped, call, charge);
  const mapped = mapSafely(() => mapping.toReply?.(received, call) ?? received);
  const usage = usageIn(mapped, mapping, call);
  charge(usage);
  requireAnswer(mapped, call);
  if (usage === undefined) charge(withReported(assumedUsage(call.operation, call.request, call.deployment.price, mapped), mapped));
  if (call.request.stream === true) return { kind: 'stream', batches: oneBatch(wholeAsChunks(mapped, call.operation)) };
  return { kind: 'complete', body: mapped === received ? json : LazyJson.ofValue(mapped) };
}

/** Of what is not counted, such as a picture, the cost may be told all the same. */
function withReported(usage: Usage | undefined, reply: JsonObject): Usage | undefined {
  const reported = reportedCostIn(reply);
  return reported === undefined ? usage : { inputTokens: 0, outputTokens: 0, ...usage, reportedCostNanoUsd: reported };
}

function parsed(json: LazyJson<JsonObject>): JsonObject {
  try {
    const { value } = json;
    if (value !== null && typeof value === 'object') return value;
  } catch (cause) {
    throw new GatewayError('upstream_invalid_answer', 'The provider answered with something that is not JSON', { cause, retryable: true });
  }
  throw new GatewayError('upstream_invalid_answer', 'The provider answered with JSON that is not an object', { retryable: true });
}

/** The one field without which there is no answer. */
const ANSWER_FIELD: Readonly<Partial<Record<Operation, string>>> = {
  chat: 'choices',
  completions: 'choices',
  embeddings: 'data',
  moderations: 'results',
  'images.generate': 'data',
  'images.edit': 'data',
  responses: 'output',
  rerank: 'results',
  ocr: 'pages',
};

function requireAnswer(reply: JsonObject, { operation }: ProviderCall): void {
  const field = ANSWER_FIELD[operation];
  if (field === undefined || Array.isArray(reply[field])) return;
  throw new GatewayError('upstream_invalid_answer', `The provider's answer has no '${field}'`, { retryable: true });
}

/** Responses carry an `error` of their own, null or not, and are answers all the same. */
function isErrorOnly(body: JsonObject): boolean {
  return body.choices === undefined && body.output === undefined && body.data === undefined;
}

function unwrapped({ usage, contentType, bytes }: WrappedBytes, { operation, request, deployment }: ProviderCall, charge: Charge): Reply {
  // What is read of it is the length of a transcript.
  charge(usage ?? assumedUsage(operation, request, deployment.price, { text: Buffer.from(bytes).toString('utf8') }));
  return { kind: 'bytes', contentType, chunks: oneChunk(bytes) };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function openBytes({ ctx, mapping, call, charge }: Reading, { body }: WireResponse, contentType: string): Promise<Reply> {
  const toLine = mapping.toLine?.(call);
  const chunks = await afterFirst(toLine ? mapLines(body, (line) => JSON.stringify(mapSafely(() => toLine(JSON.parse(line) as JsonObject)))) : body);
  ctx.firstByteAt = performance.now();
  const usage = mapping.toUsage && usageIn({}, mapping, call);
  charge(usage ?? assumedUsage(call.operation, call.request, call.deployment.price));
  const isTranscript = call.operation === 'audio.transcribe' || call.operation === 'audio.translate';
  return {
    kind: 'bytes',
    contentType: contentType === '' ? 'application/octet-stream' : contentType,
    // Subtitles and plain text tell nothing of the length of the recording, but their own.
    chunks: usage === undefined && isTranscript ? counted(chunks, (bytes) => charge(transcriptUsage(bytes, call.deployment.price))) : chunks,
  };
}

/**
 * Waits for the first batch, or for the first that says something. From the provider's 200 on its input is to be paid, and then what was delivered,
 * by the provider's figures or, when they do not come, by the length of the text.
 */
async function openStream(
  { ctx, mapping, call, charge, firstEventMs }: Reading,
  { body }: WireResponse,
  splitter: Splitter = new SseSplitter(MAX_EVENT_BYTES),
): Promise<StreamReply> {
  const meter = new StreamMeter((reply) => usageIn(reply, mapping, call));
  ctx.set(delivered, meter);
  const source = readStream(body, {
    mapping,
    call,
    splitter,
    observe(events) {
      const before = meter.usage;
      meter.observe(events);
      if (meter.usage !== before) charge(meter.usage);
    },
  });
  try {
    const first = BEGINS_WITH_NOTHING.has(call.operation) ? afterFirstThat(source, isVisible) : afterFirst(source);
    const batches = await (firstEventMs === undefined ? first : deadline(first, firstEventMs, noFirstEvent));
    ctx.firstByteAt = performance.now();
    ctx.defer(({ status }) => {
      if (status !== 'ok') return chargeWhatCame();
      if (meter.usage === undefined) charge(deliveredUsage(ctx, meter));
      return undefined;
    });
    return { kind: 'stream', batches };
  } catch (error) {
    if (ctx.controller.isAborted) await chargeWhatCame();
    // Nobody waits any longer for what is still to come.
    abandon(body);
    throw error;
  }

  /** A provider is paid for what it has sent, whether or not there was somebody to read it. */
  async function chargeWhatCame(): Promise<void> {
    await turns(LAST_TURNS);
    const rest = body instanceof UpstreamBody ? body.takeArrived() : undefined;
    if (rest) source.observeRest(rest);
    charge(deliveredUsage(ctx, meter));
  }
}

function noFirstEvent(): GatewayError {
  return new GatewayError('upstream_timeout', 'The provider did not begin its answer in time', { retryable: true });
}

async function* oneBatch(chunks: readonly JsonObject[]): AsyncGenerator<Batch> {
  yield { events: chunks.map(LazyJson.ofValue) };
}

/** What a stream that broke off has used: no less than was delivered, whatever was reported on the way. */
function deliveredUsage(ctx: Context, { usage, tokens }: StreamMeter): Usage {
  if (usage === undefined) return { inputTokens: estimateTokens(ctx.request), outputTokens: tokens };
  return { ...usage, outputTokens: Math.max(usage.outputTokens, tokens) };
}

/** What a mapping reads, unless it is no count at all: one that is not a number would void every counter it is added to. */
function usageIn(reply: JsonObject, mapping: Mapping, call: ProviderCall): Usage | undefined {
  const usage = (mapping.toUsage ?? usageReaderOf(call.operation))(reply, call);
  if (usage === undefined) return undefined;
  for (const part in usage) if (!TERMS.has(part) && !isCount(usage[part as keyof UsageCounts])) return undefined;
  return onTermsOf(usage, call);
}

/** The parts of usage that are no counts. */
const TERMS: ReadonlySet<string> = new Set<keyof Usage>(['serviceTier', 'webSearchSize']);

function isCount(value: number | undefined): boolean {
  return value === undefined || (Number.isFinite(value) && value >= 0);
}

type Charge = (usage: Usage | undefined) => void;

/**
 * Opens the bill of one try, on top of what others of the call have cost. A provider's figures are running totals,
 * so the last report of a try is the one that counts.
 */
function openBill(ctx: Context): Charge {
  let charged = 0;
  const price = ctx.deployment?.price;
  return (usage) => {
    if (usage === undefined) return;
    ctx.usage = usage;
    const cost = price ? costOf(usage, price) : usage.reportedCostNanoUsd;
    if (cost === undefined) return;
    ctx.costNanoUsd = (ctx.costNanoUsd ?? 0) + cost - charged;
    charged = cost;
  };
}
