import type { JsonObject, WireResponse } from '@sluice/core';
import type { Limits } from '../limits.ts';
import type { StreamPart } from '../specification.ts';
import { toTold } from '../thrown.ts';
import { ChunkMapper } from './chunk-mapper.ts';

export type Streaming = { readonly model: string; readonly limits: Limits; readonly idleTimeoutMs: number };

/** Endings that are none: the model did not say that it was done. */
export const BROKEN: Readonly<Record<string, string>> = {
  error: 'The provider ended its answer with an error',
  interrupted: "The provider's stream ended before it was complete",
};

/**
 * A model's stream as server-sent events in OpenAI's form. The next part is asked for only when somebody reads, so
 * that a slow caller slows the host down; who stops reading gives the call up.
 */
export function streamResponse(stream: ReadableStream<StreamPart>, streaming: Streaming): WireResponse {
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: events(stream.getReader(), streaming) };
}

async function* events(parts: ReadableStreamDefaultReader<StreamPart>, { model, limits, idleTimeoutMs }: Streaming): AsyncGenerator<Uint8Array> {
  const mapper = new ChunkMapper(model);
  try {
    for (let next = await limits.within(parts.read(), idleTimeoutMs); !next.done; next = await limits.within(parts.read(), idleTimeoutMs)) {
      const part = next.value;
      const failure = failureIn(part);
      if (failure) {
        yield frame(failure);
        return;
      }
      const chunks = mapper.map(part);
      if (chunks.length > 0) yield Buffer.concat(chunks.map(frame));
      if (part.type === 'finish') {
        yield Buffer.from('data: [DONE]\n\n');
        return;
      }
    }
  } catch (error) {
    yield frame(errorEvent(error));
  } finally {
    // Not waited for: a host that has fallen silent may never answer.
    parts.cancel().catch(() => undefined);
    limits.giveUp();
  }
}

function failureIn({ type, error, finishReason }: StreamPart): JsonObject | undefined {
  if (type === 'error') return errorEvent(error);
  const broken = type === 'finish' && finishReason ? BROKEN[finishReason.unified] : undefined;
  return broken === undefined ? undefined : errorEvent({ message: broken });
}

/** Within a stream the status has no other place than the error itself. */
function errorEvent(thrown: unknown): JsonObject {
  const { status, error } = toTold(thrown);
  return { error: { ...error, status } };
}

function frame(chunk: JsonObject): Buffer {
  return Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`);
}
