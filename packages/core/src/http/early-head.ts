import { GatewayError } from '../errors/gateway-error.ts';
import { SilenceWatch, toTicks } from '../stream/silence-watch.ts';
import type { Operation, Reply } from '../types/call.ts';
import { errorBody } from './error-reply.ts';
import { sseBody } from './sse-body.ts';

/** Says that nothing has come yet. */
export const NOT_YET = Symbol('not yet');

const watch = new SilenceWatch();

/** What `running` comes to, or that it takes longer than `ms`: then the head of the answer leaves by itself. */
export function unlessLate(running: Promise<Reply>, ms: number): Promise<Reply | typeof NOT_YET> {
  return new Promise((resolve, reject) => {
    const slot = watch.add({
      silentTicks: 0,
      mostSilentTicks: toTicks(ms),
      onSilence() {
        this.silentTicks = Number.NEGATIVE_INFINITY;
        resolve(NOT_YET);
      },
    });
    running.then(resolve, reject).finally(() => watch.remove(slot));
  });
}

/**
 * The body of an answer whose head has left already: silent until the answer is there, when whoever writes it keeps
 * the connection alive. What fails now fails as an event, since the status has left.
 */
export function lateBody(running: Promise<Reply>, operation: Operation, leave: () => void): AsyncIterable<string | Uint8Array> {
  let inner: AsyncIterator<string | Uint8Array> | undefined;
  let isOver = false;
  const body: AsyncIterableIterator<string | Uint8Array> = {
    [Symbol.asyncIterator]: () => body,
    async next() {
      if (isOver) return { done: true, value: undefined };
      try {
        inner ??= toEvents(await running, operation)[Symbol.asyncIterator]();
      } catch (error) {
        isOver = true;
        return { done: false, value: `data: ${JSON.stringify(errorBody(GatewayError.from(error)))}\n\n` };
      }
      return inner.next();
    },
    async return() {
      isOver = true;
      if (inner) await inner.return?.();
      else leave();
      return { done: true, value: undefined };
    },
  };
  return body;
}

function toEvents(reply: Reply, operation: Operation): AsyncIterable<string | Uint8Array> {
  if (reply.kind === 'stream') return sseBody(reply, operation);
  return reply.kind === 'bytes' ? reply.chunks : oneEvent(reply.body.text);
}

async function* oneEvent(json: string): AsyncGenerator<string> {
  yield `data: ${json}\n\n`;
  yield 'data: [DONE]\n\n';
}
