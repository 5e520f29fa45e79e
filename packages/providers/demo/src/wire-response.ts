import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError, type JsonObject, type WireResponse } from '@sluice/core';

export type StreamedOptions = { readonly signal: AbortSignal; readonly delayMs: number; readonly endsWithDone: boolean };

/** A whole answer. */
export function respond(status: number, headers: Readonly<Record<string, string>>, body: string | Uint8Array): WireResponse {
  return { status, headers, body: oneChunk(body) };
}

/** Events one after the other, each after a short while, as a model would. */
export function streamed(events: readonly JsonObject[], { signal, delayMs, endsWithDone }: StreamedOptions): WireResponse {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const event of events) {
      if (delayMs > 0) await sleep(delayMs, undefined, { signal }).catch(throwAborted);
      if (signal.aborted) throwAborted();
      yield Buffer.from(frame(event));
    }
    if (endsWithDone) yield Buffer.from('data: [DONE]\n\n');
  }
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: chunks() };
}

async function* oneChunk(body: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield Buffer.from(body as Uint8Array);
}

/** Events that have a type are named by it, as the Responses API does. */
function frame(event: JsonObject): string {
  const name = typeof event.type === 'string' ? `event: ${event.type}\n` : '';
  return `${name}data: ${JSON.stringify(event)}\n\n`;
}

function throwAborted(): never {
  throw new GatewayError('aborted', 'The caller has left');
}
