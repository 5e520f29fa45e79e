import { GatewayError } from '../../errors/gateway-error.ts';
import type { Batch } from '../../types/call.ts';
import type { Json, JsonObject } from '../../types/json.ts';
import type { GuardrailUse } from '../../types/guardrail.ts';
import type { Bench } from './judge.ts';
import { StreamScreen } from './stream-screen.ts';

type Result = IteratorResult<Batch, undefined>;

const DONE: Result = { done: true, value: undefined };

/**
 * A stream as the guardrails let it pass. After a block every open choice ends with `content_filter`, the
 * upstream is cancelled, and the stream breaks with the refusal.
 */
export function screenStream(source: AsyncIterable<Batch>, uses: readonly GuardrailUse[], bench: Bench): AsyncIterable<Batch> {
  const iterator = source[Symbol.asyncIterator]();
  const isObserved = uses.every(({ stream }) => stream?.mode === 'observe');
  const screen = new StreamScreen(uses, bench, cut);
  let failure: unknown;
  let closing: readonly Json<JsonObject>[] = [];
  let isCut = false;
  let isOver = false;
  let wake: (() => void) | undefined;

  /** Comes from a check, or from the side while the upstream is silent. */
  function cut(error: unknown): void {
    if (isCut || isOver) return;
    isCut = true;
    failure = error;
    if (GatewayError.is(error) && error.code === 'guardrail_blocked') closing = screen.filtered();
    iterator.return?.()?.catch(() => undefined);
    wake?.();
  }

  /** The last events there are, if any; then the refusal. */
  function afterCut(): Promise<Result> {
    const events = closing;
    closing = [];
    return events.length > 0 ? Promise.resolve({ done: false, value: { events } }) : Promise.reject(failure);
  }

  async function read(): Promise<Result> {
    while (!isOver && !isCut) {
      const result = await iterator.next();
      const events = result.done ? await screen.flush() : await screen.push(result.value.events);
      isOver = result.done === true;
      if (isObserved && !result.done) return result as Result;
      if (events.length > 0) return { done: false, value: { events } };
    }
    return DONE;
  }

  const screened: AsyncIterableIterator<Batch> = {
    [Symbol.asyncIterator]: () => screened,
    next() {
      if (isCut) return afterCut();
      return new Promise((resolve, reject) => {
        wake = () => resolve(afterCut());
        read().then((result) => (isCut ? undefined : resolve(result)), fail);

        function fail(error: unknown): void {
          if (isCut) return;
          if (isOver) reject(error);
          else cut(error);
        }
      });
    },
    async return() {
      isOver = true;
      await iterator.return?.();
      return DONE;
    },
  };
  return screened;
}
