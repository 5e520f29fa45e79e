import { delivered } from '../../pipeline/delivered.ts';
import type { Context } from '../../pipeline/context.ts';
import { mapBatches } from '../../stream/map-batches.ts';
import { isPromise } from '../../stream/maybe-promise.ts';
import type { Batch } from '../../types/call.ts';
import { usedUp } from './budget-answer.ts';
import type { Hold, NoRoom } from './hold.ts';
import type { Plan } from './plan.ts';

/** Held at a time; near the end of a budget less, so that all of it can be used. */
const STEPS = [256, 64, 16] as const;
/** How far the hold is ahead of what has come. */
const AHEAD_TOKENS = 32;

/**
 * Keeps a stream that nobody limits within what is held for it: holds more as it grows, and ends it with an
 * error where there is no more to hold.
 */
export function withinHold(batches: AsyncIterable<Batch>, ctx: Context, hold: Hold, { openTokens = 0, outputRate }: Plan): AsyncIterable<Batch> {
  let heldTokens = openTokens;
  let noRoom: NoRoom | undefined;

  async function holdMore(): Promise<void> {
    for (const tokens of STEPS) {
      const asked = hold.take(Math.ceil((tokens * outputRate) / 1e6));
      noRoom = isPromise(asked) ? await asked : asked;
      if (noRoom) continue;
      heldTokens += tokens;
      return;
    }
  }

  return mapBatches(batches, async (batch) => {
    const tokens = ctx.get(delivered)?.tokens ?? 0;
    while (!noRoom && tokens + AHEAD_TOKENS > heldTokens) await holdMore();
    if (noRoom && tokens > heldTokens) throw usedUp(noRoom.claim);
    return batch;
  });
}
