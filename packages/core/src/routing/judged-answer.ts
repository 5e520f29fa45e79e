import type { Reply } from '../types/call.ts';
import type { Batch } from '../types/call.ts';
import type { JsonObject } from '../types/json.ts';
import type { RoutedAnswer, RoutedCall, Strategy } from '../types/strategy.ts';

/** A reply that was read to its end, so that it could be judged, and may be given out all the same. */
export type Judged = { readonly reply: Reply; readonly isAccepted: boolean };

/** Whether the answer will do, by the strategy. Bytes are not judged. */
export async function judged(reply: Reply, accepts: NonNullable<Strategy['accepts']>, call: RoutedCall): Promise<Judged> {
  if (reply.kind === 'bytes') return { reply, isAccepted: true };
  const { body, whole } = reply.kind === 'complete' ? { body: reply.body.value, whole: reply } : await readOut(reply.batches);
  return { reply: whole, isAccepted: await accepts(toAnswer(body), call) };
}

type Choice = { readonly message?: { readonly content?: unknown } | null; readonly text?: unknown; readonly finish_reason?: unknown };

function toAnswer(body: JsonObject): RoutedAnswer {
  const [choice] = (Array.isArray(body.choices) ? body.choices : []) as readonly Choice[];
  const text = choice?.message?.content ?? choice?.text ?? body.output_text ?? '';
  return { body, text: typeof text === 'string' ? text : '', finishReason: typeof choice?.finish_reason === 'string' ? choice.finish_reason : undefined };
}

type ChunkChoice = { readonly delta?: { readonly content?: unknown } | null; readonly text?: unknown; readonly finish_reason?: unknown };

/** The whole of a stream: as a body, and as a stream once more. */
async function readOut(source: AsyncIterable<Batch>): Promise<{ body: JsonObject; whole: Reply }> {
  const batches: Batch[] = [];
  let content = '';
  let finish: unknown;
  for await (const batch of source) {
    batches.push(batch);
    for (const { value } of batch.events) {
      const [choice] = (Array.isArray(value.choices) ? value.choices : []) as readonly ChunkChoice[];
      content += typeof choice?.delta?.content === 'string' ? choice.delta.content : typeof choice?.text === 'string' ? choice.text : '';
      finish = choice?.finish_reason ?? finish;
    }
  }
  return { body: { choices: [{ message: { content }, finish_reason: finish }] }, whole: { kind: 'stream', batches: replayed(batches) } };
}

async function* replayed(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}
