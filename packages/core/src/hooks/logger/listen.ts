import type { Context } from '../../pipeline/context.ts';
import { screened } from '../../pipeline/screened.ts';
import { joinChunks } from '../../stream/join-chunks.ts';
import { mapBatches } from '../../stream/map-batches.ts';
import type { Reply } from '../../types/call.ts';
import type { ChatChunk } from '../../types/chat.ts';
import type { Json, JsonObject } from '../../types/json.ts';
import type { Said } from '../../types/record.ts';
import { shortened } from './shortened.ts';
import type { Redactor } from './redactor.ts';

/** Events of a stream that are kept until its end. One that has more is recorded as far as these go. */
const MOST_EVENTS = 20_000;

/** Keeps what an answer says on its way to the caller, as long as the call lasts. */
export type Listener = {
  hear(reply: Reply): Reply;
  said(ctx: Context, redact: Redactor): Promise<Said>;
};

export function listener(): Listener {
  let body: Json<JsonObject> | undefined;
  const events: Json<JsonObject>[] = [];

  return {
    hear(reply) {
      if (reply.kind === 'complete') body = reply.body;
      if (reply.kind !== 'stream') return reply;
      return {
        kind: 'stream',
        batches: mapBatches(reply.batches, (batch) => {
          if (events.length < MOST_EVENTS) events.push(...batch.events);
          return batch;
        }),
      };
    },
    async said(ctx, redact) {
      const { metadata: _metadata, ...request } = ctx.request;
      const answer = body?.value ?? (await joined(ctx.operation, events));
      return { ...(ctx.get(screened) && { request: shortened(request, redact) }), ...(answer && { answer: shortened(answer, redact) }) };
    },
  };
}

async function joined(operation: string, events: readonly Json<JsonObject>[]): Promise<JsonObject | undefined> {
  if (events.length === 0) return undefined;
  const values = events.map(({ value }) => value);
  if (operation === 'chat') return { ...(await joinChunks(inTurn(values as unknown as readonly ChatChunk[]), () => undefined)) };
  if (operation === 'responses') return values.findLast(({ response }) => typeof response === 'object')?.response as JsonObject | undefined;
  const text = values.map(({ choices }) => (choices as readonly { readonly text?: unknown }[] | undefined)?.[0]?.text ?? '').join('');
  return { ...values[0], choices: [{ index: 0, text }] };
}

async function* inTurn<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
