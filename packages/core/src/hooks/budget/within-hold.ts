import { delivered } from '../../pipeline/delivered.ts';
import type { Context } from '../../pipeline/context.ts';
import { mapBatches } from '../../stream/map-batches.ts';
import type { Batch } from '../../types/call.ts';
import { isPromise } from '../../store/try-store.ts';
import { usedUp } from './answer.ts';
import type { Hold, NoRoom } from './hold.ts';
import type { Plan } from './plan.ts';

/** Held at a time, and asked for before it is needed. */
const STEP_TOKENS = 256;

/**
 * Keeps a stream that nobody limits within what is held for it: holds more as it grows, and ends it with an
 * error where there is no more to hold.
 */
export function withinHold(batches: AsyncIterable<Batch>, ctx: Context, hold: Hold, { openTokens = 0, outputRate }: Plan): AsyncIterable<Batch> {
  const stepCost = Math.ceil((STEP_TOKENS * outputRate) / 1e6);
  let heldTokens = openTokens;
  let noRoom: NoRoom | undefined;

  return mapBatches(batches, async (batch) => {
    const tokens = ctx.get(delivered)?.tokens ?? 0;
    while (!noRoom && tokens + STEP_TOKENS > heldTokens) {
      const asked = hold.take(stepCost);
      noRoom = isPromise(asked) ? await asked : asked;
      if (!noRoom) heldTokens += STEP_TOKENS;
    }
    if (noRoom && tokens > heldTokens) throw usedUp(noRoom.claim);
    return batch;
  });
}
