import { GatewayError } from '../errors/gateway-error.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import { type SplitBytes, SseSplitter } from '../stream/sse-splitter.ts';
import type { Batch } from '../types/call.ts';
import type { Json, JsonObject } from '../types/json.ts';
import type { Mapping, ProviderCall, WireEvent } from './provider.ts';

const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/**
 * The events of a provider's stream in the canonical shape, a batch for each read from the socket.
 *
 * A stream is complete only by the provider's word. One that breaks off, or reports an error from
 * within, throws: never a silent end.
 */
export function readStream(body: AsyncIterable<Uint8Array>, mapping: Mapping, call: ProviderCall): AsyncIterable<Batch> {
  const bytes = body[Symbol.asyncIterator]();
  const splitter = new SseSplitter(MAX_EVENT_BYTES);
  const toBatch = mapping.toChunks ? translate(mapping.toChunks(call)) : passThrough(mapping);
  const isEnd = mapping.isEnd ?? isDone;
  let isComplete = false;
  let isOver = false;

  function readEvents({ events, wire }: SplitBytes): Batch | undefined {
    const last = events.findIndex(isEnd);
    if (last < 0) return events.length === 0 ? undefined : toBatch(events, wire);
    isComplete = true;
    // An end that says more than `[DONE]` is itself an event for the caller.
    const kept = events.slice(0, isDone(events[last] as WireEvent) ? last : last + 1);
    return kept.length === 0 ? undefined : toBatch(kept, undefined);
  }

  const batches: AsyncIterableIterator<Batch> = {
    [Symbol.asyncIterator]: () => batches,
    async next() {
      while (!isOver) {
        const result = await bytes.next();
        isOver = result.done === true;
        const batch = readEvents(result.done ? splitter.flush() : splitter.push(result.value));
        if (batch && batch.events.length > 0) return { done: false, value: batch };
      }
      if (!isComplete) throw new GatewayError('upstream_stream_broken', 'The provider ended its stream before it was complete', { retryable: true });
      return { done: true, value: undefined };
    },
    return() {
      isOver = true;
      isComplete = true;
      return (bytes.return?.() ?? Promise.resolve({ done: true, value: undefined })) as Promise<IteratorResult<Batch>>;
    },
  };
  return batches;
}

type ToBatch = (events: readonly WireEvent[], wire: Uint8Array | undefined) => Batch;

function translate(map: (event: WireEvent) => readonly JsonObject[]): ToBatch {
  return (events) => ({ events: events.flatMap((event) => map(event).map((chunk): Json<JsonObject> => LazyJson.ofValue(chunk))) });
}

const LOOKS_LIKE_ERROR = /"error"\s*:\s*[{"]/;

function passThrough(mapping: Mapping): ToBatch {
  return (events, wire) => {
    const passed: Json<JsonObject>[] = [];
    for (const { data } of events) {
      const event = LazyJson.ofText<JsonObject>(data);
      if (LOOKS_LIKE_ERROR.test(data)) throwReportedError(event, mapping);
      passed.push(event);
    }
    return { events: passed, wire };
  };
}

/** Groq and OpenRouter report errors inside a stream that began with 200. */
function throwReportedError(event: Json<JsonObject>, mapping: Mapping): void {
  const { error } = event.value as { error?: { code?: unknown; status?: unknown } | null };
  if (error === null || error === undefined) return;
  const status = [error.code, error.status].map(Number).find((number) => number >= 400 && number < 600) ?? 502;
  throw mapping.toError({ status, headers: {}, body: event.text });
}

function isDone(event: WireEvent): boolean {
  return event.data === '[DONE]';
}
