import { GatewayError } from '../errors/gateway-error.ts';
import { mayUse } from '../models/may-use.ts';
import { contextKey } from '../pipeline/context.ts';
import type { Context } from '../pipeline/context.ts';
import type { Hook } from '../pipeline/hook.ts';
import { judgedBy, readsAnswers } from '../pipeline/judged-lines.ts';
import { plannedNanoUsd } from '../pipeline/later-cost.ts';
import { isList } from '../pipeline/operations.ts';
import { pinnedGroup } from '../routing/pinned.ts';
import type { ModelGroup } from '../types/model-group.ts';
import { type Choosing, chooseGroup } from './choose-group.ts';
import { deploymentOf } from './inner-call.ts';
import type { ObjectIds, ObjectKind, ObjectRef } from './object-ids.ts';

/** What the id in a call about files or batches stands for. */
export const objectRef = contextKey<ObjectRef>('object');

export type PlaceCallOptions = Choosing & { readonly ids: ObjectIds };

/** The words for choosing, which no provider knows. */
export const CHOOSING_FIELDS = ['model', 'custom_llm_provider'] as const;

/**
 * Finds the deployment that a call about files or batches has to be answered by, before anything is held or counted
 * for it. Innermost of the auth phase.
 */
export function placeCall(options: PlaceCallOptions): Hook {
  const { ids, models } = options;

  function place(ctx: Context): void {
    const { operation, request } = ctx;
    if (isList(operation)) return;
    if (operation === 'files.create') return pin(ctx, chooseGroup(ctx, options), {});
    const field = operation === 'batches.create' ? 'input_file_id' : 'id';
    const kind = operation === 'files.get' || operation === 'files.content' || operation === 'files.delete' || field !== 'id' ? 'file' : 'batch';
    const ref = find(ctx, kind, String(request[field]), field);
    ctx.set(objectRef, ref);
    // A provider makes files of answers, and of nothing else that has an id of ours.
    if (operation === 'files.content') ctx.set(readsAnswers, ref.place === undefined);
    if (operation === 'batches.create') plan(ctx, ref);
    // An answer that did not come may have set a batch going all the same: it is not asked for twice.
    pin(ctx, groupOf(ctx, ref, field), { [field]: ref.upstreamId, ...(operation === 'batches.create' && { num_retries: 0 }) });
  }

  function find(ctx: Context, kind: ObjectKind, id: string, param: string): ObjectRef {
    const ref = ids.read(kind, ownerOf(ctx), id);
    if (!ref) throw new GatewayError('object_not_found', `There is no ${kind} '${id.slice(0, 100)}'`, { param });
    return ref;
  }

  function groupOf(ctx: Context, ref: ObjectRef, param: string): ModelGroup {
    if (!mayUse(ctx, ref.model))
      throw new GatewayError('model_not_allowed', `This key may no longer use the model '${ref.model}', which this belongs to`, { param });
    const { isBlocked = false } = models.resolve(ref.model) ?? {};
    return { name: ref.model, deployments: [deploymentOf(models, ref)], isBlocked };
  }

  function plan(ctx: Context, { boundNanoUsd, judgedBy: judges = [] }: ObjectRef): void {
    if (boundNanoUsd === undefined)
      throw new GatewayError('invalid_request', 'The file is not the input of a batch: each of its lines needs custom_id, url and body.model', {
        param: 'input_file_id',
      });
    ctx.set(plannedNanoUsd, boundNanoUsd);
    ctx.set(judgedBy, judges);
  }

  return {
    name: 'place-call',
    phase: 'auth',
    handle(ctx, next) {
      place(ctx);
      return next();
    },
  };
}

/** Whose files and batches those are that a call may see: what a key has made is that key's alone. */
export function ownerOf({ principal }: Context): string {
  return principal?.keyId ?? '';
}

function pin(ctx: Context, group: ModelGroup, fields: Readonly<Record<string, unknown>>): void {
  const { custom_llm_provider: _, ...request } = ctx.request;
  ctx.set(pinnedGroup, group);
  ctx.request = { ...request, ...fields, model: group.name, disable_fallbacks: true };
}
