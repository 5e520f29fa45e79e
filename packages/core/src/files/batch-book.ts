import type { Context } from '../pipeline/context.ts';
import { heldNanoUsd, noLongerHeld, staysHeldNanoUsd } from '../pipeline/later-cost.ts';
import { batchCost, isPricedOneByOne } from '../pricing/batch-price.ts';
import { readUsage } from '../provider/wire-usage.ts';
import type { Store } from '../store/store.ts';
import type { Reply, Usage } from '../types/call.ts';
import type { JsonObject } from '../types/json.ts';
import type { Price } from '../types/model.ts';
import { bodyOf, idOf } from './answers.ts';
import { deploymentOf, type InnerCalls, innerCall } from './inner-call.ts';
import type { BatchNote, ObjectIds, ObjectRef } from './object-ids.ts';
import type { ObjectIndex } from './object-index.ts';
import { type Bill, NO_USAGE, readOutput, sumOf } from './output-usage.ts';
import { ownerOf } from './place-call.ts';

export type BatchBookOptions = InnerCalls & { readonly ids: ObjectIds; readonly index: ObjectIndex; readonly store: Store };

const ENDED: ReadonlySet<unknown> = new Set(['completed', 'failed', 'expired', 'cancelled']);
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
    const { ids, index } = this.#options;
    const owner = ownerOf(ctx);
    const place = await index.nextPlace('batch', owner);
    const batch = bodyOf(await begin());
    const held = ctx.get(heldNanoUsd) ?? 0;
    const note: BatchNote = {
      heldNanoUsd: held,
      at: Date.now(),
      inputUpstreamId: input.upstreamId,
      inputPlace: input.place ?? 0,
      inputBoundNanoUsd: input.boundNanoUsd ?? 0,
    };
    ctx.set(staysHeldNanoUsd, held);
    const { deployment, model } = input;
    const ref: ObjectRef = { deployment, model, upstreamId: idOf(batch), place, batch: note };
    const shown = toCallers(batch, ref, (kind, to) => ids.write(kind, owner, to));
    await index.remember('batch', owner, { place, value: shown });
    return shown;
  }

  /** A batch as the caller is shown it; charged, where it is seen to have ended for the first time. */
  async show(ctx: Context, ref: ObjectRef, batch: JsonObject): Promise<JsonObject> {
    const { ids, index } = this.#options;
    const owner = ownerOf(ctx);
    if (ENDED.has(batch.status)) await this.#settle(ctx, ref, batch);
    const shown = toCallers(batch, ref, (kind, to) => ids.write(kind, owner, to));
    if (ref.place !== undefined) await index.remember('batch', owner, { place: ref.place, value: shown });
    return shown;
  }

  /** A remembered batch as it stands by now. One whose deployment is gone stays as it was last seen. */
  async refresh(ctx: Context, seen: JsonObject): Promise<JsonObject> {
    const ref = ENDED.has(seen.status) ? undefined : this.#options.ids.read('batch', ownerOf(ctx), String(seen.id));
    const isThere = ref && this.#options.models.resolve(ref.model)?.deployments.some(({ id }) => id === ref.deployment);
    return isThere ? this.show(ctx, ref, bodyOf(await innerCall(ctx, this.#options, 'batches.get', ref))) : seen;
  }

  async #settle(ctx: Context, ref: ObjectRef, batch: JsonObject): Promise<void> {
    const { store, models } = this.#options;
    const mark = { key: `batches:settled:${ref.deployment}:${ref.upstreamId}`, expiresAt: Date.now() + REMEMBERED_MS };
    const marked = await store.reserve([{ ...mark, amount: 1, limit: 1 }]);
    if (!marked.ok) return;
    try {
      const { price } = deploymentOf(models, ref);
      const { usage, nanoUsd } = await this.#billOf(ctx, ref, batch, price);
      ctx.usage = sumOf(ctx.usage ?? NO_USAGE, usage);
      if (price) ctx.costNanoUsd = (ctx.costNanoUsd ?? 0) + nanoUsd;
      if (ref.batch) ctx.set(noLongerHeld, [...(ctx.get(noLongerHeld) ?? []), { nanoUsd: ref.batch.heldNanoUsd, at: ref.batch.at }]);
    } catch (error) {
      // The next call that sees it tries again: an output that could not be read is not free.
      await store.adjust([{ ...mark, by: -1 }]);
      throw error;
    }
  }

  /** By the provider's sum where it says one that can be priced, else by that of the answers. */
  async #billOf(ctx: Context, { deployment, model }: ObjectRef, batch: JsonObject, price: Price | undefined): Promise<Bill> {
    const told = readUsage(batch);
    const costOfOne = (usage: Usage): number => (price ? batchCost(usage, price) : 0);
    if (told && told.inputTokens + told.outputTokens > 0 && !(price && isPricedOneByOne(price))) return { usage: told, nanoUsd: costOfOne(told) };
    if (typeof batch.output_file_id !== 'string') return { usage: NO_USAGE, nanoUsd: 0 };
    const output = await innerCall(ctx, this.#options, 'files.content', { deployment, model, upstreamId: batch.output_file_id });
    return readOutput(output, costOfOne);
  }
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
      }),
    }),
    output_file_id: file(batch.output_file_id),
    error_file_id: file(batch.error_file_id),
  };
}
