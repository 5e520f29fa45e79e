import type { Context } from '../pipeline/context.ts';
import { heldNanoUsd, noLongerHeld, settledBy, staysHeldNanoUsd } from '../pipeline/later-cost.ts';
import { batchCost, isPricedOneByOne } from '../pricing/batch-price.ts';
import { readUsage } from '../provider/wire-usage.ts';
import type { Store } from '../store/store.ts';
import type { Reply } from '../types/call.ts';
import type { Usage } from '../types/usage.ts';
import type { JsonObject, MaybePromise } from '../types/json.ts';
import { readLength, lengthMs } from '../pricing/budget-period.ts';
import { bodyOf, idOf } from './answers.ts';
import { hasEnded } from './batch-status.ts';
import { deploymentOf, type InnerCalls, innerCall } from './inner-call.ts';
import type { BatchNote, ObjectIds, ObjectRef } from './object-ids.ts';
import type { ObjectIndex } from './object-index.ts';
import { NO_USAGE, readOutput, sumOf } from './output-usage.ts';
import type { Finding, OpenBatches } from './open-batches.ts';
import { ownerOf } from './place-call.ts';

export type BatchBookOptions = InnerCalls & {
  readonly ids: ObjectIds;
  readonly index: ObjectIndex;
  readonly store: Store;
  readonly open: OpenBatches;
  /** How long after its time a batch is waited for, in milliseconds. */
  readonly overdueAfterMs: number;
  /** Told of each batch that is begun. */
  readonly onOpened: () => void;
  /** Charges those whom a batch was begun for. */
  readonly settle: (found: Finding) => Promise<void>;
  /** Told of what could not be written down of a batch that runs. */
  readonly onError: (error: unknown) => void;
};

/** What a batch has used and costs, in nano-dollars, where there is a price. */
type Charge = { readonly usage: Usage; readonly nanoUsd: number | undefined };

/** What providers take, where the word for it cannot be read. */
const USUAL_WINDOW_MS = 86_400_000;
/** Longer than anybody lets a batch be looked at. */
const REMEMBERED_MS = 366 * 86_400_000;

/**
 * Keeps account of batches. What one may cost at most stays held when the call that begins it has ended. The first call
 * that sees that it has ended charges what it has cost, and lets go of what was held: once, whoever asks how often.
 */
export class BatchBook {
  readonly #options: BatchBookOptions;

  constructor(options: BatchBookOptions) {
    this.#options = options;
  }

  async open(ctx: Context, input: ObjectRef, begin: () => Promise<Reply>): Promise<JsonObject> {
    const { ids, index, open, onOpened } = this.#options;
    const owner = ownerOf(ctx);
    const place = await index.nextPlace('batch', owner);
    const batch = bodyOf(await begin());
    // It runs from here on, whatever else fails: its id is all that it takes to charge it.
    const held = ctx.get(heldNanoUsd) ?? 0;
    ctx.set(staysHeldNanoUsd, held);
    const note: BatchNote = {
      heldNanoUsd: held,
      at: Date.now(),
      inputUpstreamId: input.upstreamId,
      inputPlace: input.place ?? 0,
      inputBoundNanoUsd: input.boundNanoUsd ?? 0,
      inputJudgedBy: input.judgedBy,
      openPlace: await this.#tried(() => open.nextPlace()),
    };
    const { deployment, model } = input;
    const ref: ObjectRef = { deployment, model, upstreamId: idOf(batch), place, batch: note };
    await this.#tried(() => this.#lookOutFor(ctx, ref, note));
    onOpened();
    const shown = toCallers(batch, ref, (kind, to) => ids.write(kind, owner, to));
    await this.#tried(() => index.remember('batch', owner, { place, value: shown }));
    return shown;
  }

  /** Has it looked at, also when nobody asks. */
  async #lookOutFor({ principal, policy, request }: Context, ref: ObjectRef, { openPlace, at }: BatchNote): Promise<void> {
    const { open, overdueAfterMs } = this.#options;
    if (openPlace === undefined) return;
    await open.add(openPlace, { ref, principal, policy, overdueAt: at + windowMs(request.completion_window) + overdueAfterMs });
  }

  async #tried<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#options.onError(error);
      return undefined;
    }
  }

  /** A batch as the caller is shown it; charged, where it is seen to have ended for the first time. */
  async show(ctx: Context, ref: ObjectRef, batch: JsonObject): Promise<JsonObject> {
    const { ids, index } = this.#options;
    const owner = ownerOf(ctx);
    if (hasEnded(batch)) await this.#charge(ctx, ref, batch);
    const shown = toCallers(batch, ref, (kind, to) => ids.write(kind, owner, to));
    if (ref.place !== undefined) await index.remember('batch', owner, { place: ref.place, value: shown });
    return shown;
  }

  /** A remembered batch as it stands by now. One whose deployment is gone stays as it was last seen. */
  async refresh(ctx: Context, seen: JsonObject): Promise<JsonObject> {
    const ref = hasEnded(seen) ? undefined : this.#options.ids.read('batch', ownerOf(ctx), String(seen.id));
    const isThere = ref && this.#options.models.resolve(ref.model)?.deployments.some(({ id }) => id === ref.deployment);
    return isThere ? this.show(ctx, ref, bodyOf(await innerCall(ctx, this.#options, 'batches.get', ref))) : seen;
  }

  /** Charges a batch whose end nobody has seen in time with the most that it may have cost: what is not known is not free. */
  async writeOff(ctx: Context, ref: ObjectRef): Promise<void> {
    await this.#once(ctx, ref, () => ({ usage: NO_USAGE, nanoUsd: ref.batch?.inputBoundNanoUsd || undefined }));
  }

  async isSettled(ref: ObjectRef): Promise<boolean> {
    return (await this.#options.store.total(markOf(ref))) > 0;
  }

  /** In the name of who has begun it, who may answer to others than this call does; by this call where nothing is known of that. */
  async #charge(ctx: Context, ref: ObjectRef, found: JsonObject): Promise<void> {
    const { open, settle } = this.#options;
    const place = ctx.get(settledBy) ? undefined : ref.batch?.openPlace;
    const batch = place === undefined ? undefined : await open.get(place);
    if (!batch) return this.#once(ctx, ref, () => this.#billOf(ctx, ref, found));
    if (!(await this.isSettled(ref))) await settle({ batch, found, by: 'asked' });
  }

  async #once(ctx: Context, ref: ObjectRef, billOf: () => MaybePromise<Charge>): Promise<void> {
    const { store, open } = this.#options;
    const mark = { key: markOf(ref), expiresAt: Date.now() + REMEMBERED_MS };
    const marked = await store.reserve([{ ...mark, amount: 1, limit: 1 }]);
    if (!marked.ok) return;
    try {
      const { usage, nanoUsd } = await billOf();
      ctx.usage = sumOf(ctx.usage ?? NO_USAGE, usage);
      if (nanoUsd !== undefined) ctx.costNanoUsd = (ctx.costNanoUsd ?? 0) + nanoUsd;
      if (ref.batch) ctx.set(noLongerHeld, [...(ctx.get(noLongerHeld) ?? []), { nanoUsd: ref.batch.heldNanoUsd, at: ref.batch.at }]);
    } catch (error) {
      // The next call that sees it tries again: an output that could not be read is not free.
      await store.adjust([{ ...mark, by: -1 }]);
      throw error;
    }
    if (ref.batch?.openPlace !== undefined) await open.forget(ref.batch.openPlace);
  }

  /** By the provider's sum where it says one that can be priced, else by that of the answers. */
  async #billOf(ctx: Context, ref: ObjectRef, batch: JsonObject): Promise<Charge> {
    const { deployment, model } = ref;
    const { price } = deploymentOf(this.#options.models, ref);
    const told = readUsage(batch);
    const costOfOne = (usage: Usage): number => (price ? batchCost(usage, price) : 0);
    if (told && told.inputTokens + told.outputTokens > 0 && !(price && isPricedOneByOne(price))) return { usage: told, nanoUsd: price && costOfOne(told) };
    if (typeof batch.output_file_id !== 'string') return { usage: NO_USAGE, nanoUsd: price && 0 };
    const output = await innerCall(ctx, this.#options, 'files.content', { deployment, model, upstreamId: batch.output_file_id });
    const { usage, nanoUsd } = await readOutput(output, costOfOne);
    return { usage, nanoUsd: price && nanoUsd };
  }
}

function markOf({ deployment, upstreamId }: ObjectRef): string {
  return `batches:settled:${deployment}:${upstreamId}`;
}

function windowMs(text: unknown): number {
  return typeof text === 'string' && readLength(text) ? lengthMs(text) : USUAL_WINDOW_MS;
}

type Write = (kind: 'file' | 'batch', ref: ObjectRef) => string;

function toCallers(batch: JsonObject, ref: ObjectRef, write: Write): JsonObject {
  const { deployment, model, batch: note } = ref;
  const file = (upstreamId: unknown): unknown => (typeof upstreamId === 'string' ? write('file', { deployment, model, upstreamId }) : upstreamId);
  return {
    ...batch,
    id: write('batch', ref),
    ...(note && {
      input_file_id: write('file', {
        deployment,
        model,
        upstreamId: note.inputUpstreamId,
        place: note.inputPlace,
        boundNanoUsd: note.inputBoundNanoUsd,
        ...(note.inputJudgedBy && { judgedBy: note.inputJudgedBy }),
      }),
    }),
    output_file_id: file(batch.output_file_id),
    error_file_id: file(batch.error_file_id),
  };
}
