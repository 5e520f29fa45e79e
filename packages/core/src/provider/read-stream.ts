import { GatewayError } from '../errors/gateway-error.ts';
import { abandon } from '../stream/abandon.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { SplitBytes, Splitter, WireEvent } from '../stream/splitter.ts';
import type { Batch } from '../types/call.ts';
import type { Json, JsonObject } from '../types/json.ts';
import { mapSafely } from './map-safely.ts';
import type { Mapping, ProviderCall } from './provider.ts';
import { readReportedError } from './reported-error.ts';

const LONGEST_GOODBYE_MS = 1000;
const RUNNING_USAGE = 'usage';
/** Without its first quote: a search that begins with what stands everywhere takes ten times as long. */
const ERROR_FIELD = 'error"';

export type StreamReading = {
  readonly mapping: Mapping;
  readonly call: ProviderCall;
  readonly splitter: Splitter;
  /** Sees every event in the canonical shape, one that reports an error included. */
  observe(events: readonly Json<JsonObject>[]): void;
};

export type ReadStream = AsyncIterable<Batch> & {
  /** Takes in for the books alone what came behind the last read. */
  observeRest(rest: Uint8Array): void;
};

/**
 * The events of a provider's stream in the canonical shape, a batch for each read from the socket.
 *
 * A stream is complete only by the provider's word. One that breaks off, or reports an error from
 * within, throws after what came before: never a silent end.
 */
export function readStream(body: AsyncIterable<Uint8Array>, { mapping, call, splitter, observe }: StreamReading): ReadStream {
  const bytes = body[Symbol.asyncIterator]();
  const toChunks = mapping.toChunks?.(call);
  let isComplete = false;
  let isOver = false;
  let failure: GatewayError | undefined;
  /** The event that told of the failure: it may still report usage. */
  let parting: Json<JsonObject> | undefined;
  /** What tells of usage on the way, for the books only. */
  let running: Json<JsonObject>[] = [];

  function readEvents({ events, wire }: SplitBytes): Batch {
    const read: Json<JsonObject>[] = [];
    let isUntouched = wire !== undefined;
    for (const event of events) {
      if (event.data === '') {
        isUntouched = false;
        continue;
      }
      if (event.data === '[DONE]') {
        isComplete = true;
        isOver = true;
        letFinish(bytes);
        return { events: read };
      }
      const json = LazyJson.ofText<JsonObject>(requireObject(event.data));
      failure = errorIn(event, json);
      if (failure) {
        parting = json;
        letFinish(bytes);
        return { events: read };
      }
      const chunks = chunksOf(event);
      if (failure) return { events: read };
      if (chunks) for (const chunk of chunks) (chunk.object === RUNNING_USAGE ? running : read).push(LazyJson.ofValue(chunk));
      else read.push(json);
      if (chunks || !isNamedByType(event)) isUntouched = false;
      if (mapping.isEnd?.(event)) isComplete = true;
    }
    return { events: read, wire: isUntouched ? wire : undefined };
  }

  /** A mapping that finds an error in an event throws it; what came before is still told. */
  function chunksOf(event: WireEvent): readonly JsonObject[] | undefined {
    try {
      return toChunks && mapSafely(() => toChunks(event));
    } catch (error) {
      failure = GatewayError.from(error);
      abandon(bytes);
      return undefined;
    }
  }

  function errorIn(event: WireEvent, json: Json<JsonObject>): GatewayError | undefined {
    if (event.event !== 'error' && !event.data.includes(ERROR_FIELD)) return undefined;
    const reported = readReportedError(json.value, event.event === 'error');
    return reported && mapping.toError(reported, call);
  }

  /** What is left at the end. */
  function takeRest(): SplitBytes {
    isOver = true;
    return { events: mapSafely(() => splitter.flush()).events.filter(isWhole), wire: undefined };
  }

  function toBatch(split: SplitBytes): Batch {
    const batch = readEvents(split);
    observe(parting || running.length > 0 ? [...running, ...batch.events, ...(parting ? [parting] : [])] : batch.events);
    if (running.length > 0) running = [];
    return batch;
  }

  function requireEnd(): IteratorResult<Batch> {
    if (failure) throw failure;
    if (!isComplete) throw new GatewayError('upstream_stream_broken', 'The provider ended its stream before it was complete', { retryable: true });
    return { done: true, value: undefined };
  }

  // One promise beside the read's own: each further one costs a chunk as much as splitting it.
  const batches: AsyncIterableIterator<Batch> & ReadStream = {
    [Symbol.asyncIterator]: () => batches,
    observeRest(rest) {
      try {
        toBatch(mapSafely(() => splitter.push(rest)));
      } catch {
        // Nobody reads it; what it told until then is noted.
      }
    },
    async next() {
      try {
        while (!isOver && !failure) {
          let split: SplitBytes | undefined;
          try {
            const { done, value } = await bytes.next();
            if (!done) split = mapSafely(() => splitter.push(value));
          } catch (error) {
            // What follows a complete answer is not missed.
            if (!isComplete) throw error;
          }
          const batch = toBatch(split ?? takeRest());
          if (batch.events.length > 0) return { done: false, value: batch };
        }
        return requireEnd();
      } catch (error) {
        if (!failure) await bytes.return?.();
        throw toGatewayError(error);
      }
    },
    return() {
      isOver = true;
      isComplete = true;
      return (bytes.return?.() ?? Promise.resolve({ done: true, value: undefined })) as Promise<IteratorResult<Batch>>;
    },
  };
  return batches;
}

/** Some hosts leave out the blank line after their last event; what a broken connection leaves behind is no event. */
function isWhole({ data }: WireEvent): boolean {
  try {
    return data === '[DONE]' || typeof JSON.parse(data) === 'object';
  } catch {
    return false;
  }
}

function requireObject(data: string): string {
  if (data.startsWith('{') && data.endsWith('}')) return data;
  const text = data.trim();
  if (text.startsWith('{') && text.endsWith('}')) return text;
  throw new SyntaxError('An event is not a JSON object');
}

function toGatewayError(error: unknown): unknown {
  if (!(error instanceof SyntaxError)) return error;
  return new GatewayError('upstream_invalid_answer', "The provider's stream has an event that is not JSON", { cause: error, retryable: true });
}

/** Callers find an event named by its type where it has one, and not named otherwise. */
function isNamedByType({ event, data }: WireEvent): boolean {
  return event === undefined ? !data.startsWith('{"type":"') : data.includes(`"type":"${event}"`);
}

/** Reads out what follows the end, so that the connection can be used again; a host that holds it open is cut off. */
function letFinish(bytes: AsyncIterator<Uint8Array>): void {
  const timer = setTimeout(() => abandon(bytes), LONGEST_GOODBYE_MS).unref();
  const readOn = (): Promise<void> =>
    bytes.next().then(
      ({ done }) => (done ? clearTimeout(timer) : readOn()),
      () => clearTimeout(timer),
    );
  void readOn();
}
