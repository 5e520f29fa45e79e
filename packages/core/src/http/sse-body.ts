import { GatewayError } from '../errors/gateway-error.ts';
import { abandon } from '../stream/abandon.ts';
import type { Batch, Operation, StreamReply } from '../types/call.ts';
import type { Json, JsonObject } from '../types/json.ts';
import { errorBody } from './error-reply.ts';
import type { HeaderList } from './header-list.ts';

/** A comment, which every reader of server-sent events skips. */
export const SSE_KEEP_ALIVE = ': keep-alive\n\n';

export function addSseHeaders(headers: HeaderList): HeaderList {
  headers.push('content-type', 'text/event-stream; charset=utf-8');
  // no-transform keeps compression middleware from holding events back.
  headers.push('cache-control', 'no-cache, no-transform', 'x-accel-buffering', 'no');
  return headers;
}

type Piece = IteratorResult<string | Uint8Array>;

const OVER: Piece = { done: true, value: undefined };

/** A stream as server-sent events, one piece a batch. It always ends well-formed: with `[DONE]`, or with an error event. */
export function sseBody(reply: StreamReply, operation: Operation): AsyncIterable<string | Uint8Array> {
  const batches = reply.batches[Symbol.asyncIterator]();
  let isOver = false;

  function write(result: IteratorResult<Batch>): Piece {
    try {
      if (!result.done) return { done: false, value: result.value.wire ?? framed(result.value.events, operation) };
    } catch (error) {
      return fail(error);
    }
    isOver = true;
    return operation === 'responses' ? OVER : { done: false, value: 'data: [DONE]\n\n' };
  }

  function fail(error: unknown): Piece {
    isOver = true;
    // It may be an event that cannot be written, of a source that would go on.
    abandon(batches);
    return { done: false, value: `data: ${JSON.stringify(errorBody(GatewayError.from(error)))}\n\n` };
  }

  const body: AsyncIterableIterator<string | Uint8Array> = {
    [Symbol.asyncIterator]: () => body,
    next: () => (isOver ? Promise.resolve(OVER) : batches.next().then(write, fail)),
    async return() {
      isOver = true;
      await batches.return?.();
      return { done: true, value: undefined };
    },
  };
  return body;
}

/** Inside JSON they stand between its words only, and there a blank does as well. */
const LINE_BREAKS = /[\r\n]/g;
const OPENS_WITH_TYPE = /^\{"type":"([\w.]+)"/;

function framed(events: Batch['events'], operation: Operation): string {
  let text = '';
  for (const event of events) text += frame(event, operation);
  return text;
}

/** Events that have a type are named by it, as OpenAI does for responses, images and transcripts. */
function frame(event: Json<JsonObject>, operation: Operation): string {
  const written = event.text;
  const text = written.includes('\n') || written.includes('\r') ? written.replaceAll(LINE_BREAKS, ' ') : written;
  const name = OPENS_WITH_TYPE.exec(text)?.[1] ?? (operation === 'responses' ? event.value.type : undefined);
  return typeof name === 'string' ? `event: ${name}\ndata: ${text}\n\n` : `data: ${text}\n\n`;
}
