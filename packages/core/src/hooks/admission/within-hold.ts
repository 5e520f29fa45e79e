import type { Context } from '../../pipeline/context.ts';
import { delivered } from '../../pipeline/delivered.ts';
import { abandon } from '../../stream/abandon.ts';
import { mapBatches } from '../../stream/map-batches.ts';
import type { Batch } from '../../types/call.ts';
import type { MaybePromise } from '../../types/json.ts';
import { usedUp } from './budget-answer.ts';
import type { Hold, NoRoom } from './hold.ts';
import type { Plan } from './plan.ts';

/** Held at a time; near the end of a budget less, so that all of it can be used. */
const STEPS = [256, 64, 16] as const;
/** Of what a stream holds already, at a time: each part is kept in memory, and one without an end has few of them as well. */
const SHARE = 1 / 8;
/** How far the hold is ahead of what has come. */
const AHEAD_TOKENS = 32;

/**
 * Keeps a stream that nobody limits within what is held for it: holds more as it grows, and ends it with an
 * error where there is no more to hold and another read like the last one would not fit.
 *
 * More is asked for while the stream goes on, and waited for only once all that is held has come: a provider does
 * not stop for a store that is slow, so whoever waits finds more in the next read than there is room for.
 */
export function withinHold(batches: AsyncIterable<Batch>, ctx: Context, hold: Hold, { openTokens = 0, outputRate }: Plan): AsyncIterable<Batch> {
  const source = batches[Symbol.asyncIterator]();
  let heldTokens = openTokens;
  let tokens = 0;
  let noRoom: NoRoom | undefined;
  let asking: Promise<void> | undefined;
  let end: unknown;

  async function holdMore(): Promise<void> {
    for (const step of [Math.max(Math.floor(heldTokens * SHARE), STEPS[0]), ...STEPS]) {
      if (noRoom && step > roomFor(noRoom, outputRate)) continue;
      noRoom = await hold.take(costOf(step, outputRate));
      if (noRoom) continue;
      heldTokens += step;
      return;
    }
  }

  function askForMore(): Promise<void> {
    asking ??= holdMore().then(
      () => void (asking = undefined),
      (error: unknown) => void (end = error),
    );
    return asking;
  }

  function check(batch: Batch): MaybePromise<Batch> {
    const before = tokens;
    tokens = ctx.get(delivered)?.tokens ?? 0;
    const read = tokens - before;
    if (!noRoom && tokens + Math.max(AHEAD_TOKENS, 2 * read) > heldTokens) void askForMore();
    return hand(batch, read);
  }

  /** What has come is paid for, so it is passed on in any case. */
  function hand(batch: Batch, read: number): MaybePromise<Batch> {
    if (end !== undefined) return batch;
    if (!noRoom && tokens >= heldTokens) return askForMore().then(() => hand(batch, read));
    if (noRoom && tokens + read > heldTokens) {
      end = usedUp(noRoom.claim);
      abandon(source);
    }
    return batch;
  }

  const untilTheEnd: AsyncIterableIterator<Batch> = {
    [Symbol.asyncIterator]: () => untilTheEnd,
    next() {
      if (end === undefined) return source.next();
      abandon(source);
      return Promise.reject(end as Error);
    },
    return: () => source.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
  return mapBatches(untilTheEnd, check);
}

function costOf(tokens: number, outputRate: number): number {
  return Math.ceil((tokens * outputRate) / 1e6);
}

/** Tokens that the budget had room for when it refused. */
function roomFor({ claim, total }: NoRoom, outputRate: number): number {
  return Math.floor(((claim.limit - total) * 1e6) / outputRate);
}
