import { GatewayError } from '../errors/gateway-error.ts';
import { assumedUsage } from '../pricing/assumed-usage.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Batch, Operation, Reply } from '../types/call.ts';
import type { Usage } from '../types/usage.ts';
import type { JsonObject } from '../types/json.ts';
import { mapSafely } from './map-safely.ts';
import type { ProviderCall, WrappedBytes } from './provider.ts';
import { type Charge, type Reading, usageIn } from './reading.ts';
import { reportedCostIn } from './reported-cost.ts';
import { readReportedError } from './reported-error.ts';
import { wholeAsChunks } from './whole-as-chunks.ts';
import { readUsage } from './wire-usage.ts';

/** An answer that is there as a whole, as JSON. */
export function readWhole({ ctx, mapping, call, charge }: Reading, json: LazyJson<JsonObject>): Reply {
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

async function* oneBatch(chunks: readonly JsonObject[]): AsyncGenerator<Batch> {
  yield { events: chunks.map(LazyJson.ofValue) };
}
