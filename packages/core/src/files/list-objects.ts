import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { JsonObject } from '../types/json.ts';
import type { ObjectIds, ObjectKind } from './object-ids.ts';
import type { ObjectIndex } from './object-index.ts';
import { ownerOf } from './place-call.ts';

export type ListOptions = {
  readonly ids: ObjectIds;
  readonly index: ObjectIndex;
  /** A batch as it stands by now. */
  refresh(batch: JsonObject): Promise<JsonObject>;
};

const FILES_A_PAGE = 1000;
const BATCHES_A_PAGE = 20;
const MOST_BATCHES_A_PAGE = 100;

/** One page of what a key has made, in OpenAI's form. */
export async function listObjects(ctx: Context, { ids, index, refresh }: ListOptions): Promise<JsonObject> {
  const kind = ctx.operation === 'files.list' ? 'file' : 'batch';
  const { entries, hasMore } = await index.page(kind, ownerOf(ctx), pageOf(ctx, kind, ids));
  const shown = entries.map(({ value }) => value);
  const data: JsonObject[] = [];
  // One after the other: a page is no reason to ask a provider a hundred questions at once.
  for (const value of shown) data.push(kind === 'batch' ? await refresh(value) : value);
  return { object: 'list', data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more: hasMore };
}

function pageOf({ request, principal }: Context, kind: ObjectKind, ids: ObjectIds) {
  const { limit, after, order, purpose } = request;
  const most = kind === 'file' ? FILES_A_PAGE : MOST_BATCHES_A_PAGE;
  return {
    limit: Math.min(typeof limit === 'number' ? limit : kind === 'file' ? most : BATCHES_A_PAGE, most),
    isAscending: order === 'asc',
    after: typeof after === 'string' ? placeOf(ids.read(kind, principal?.keyId ?? '', after), kind) : undefined,
    fits: (value: JsonObject) => typeof purpose !== 'string' || value.purpose === purpose,
  };
}

function placeOf(ref: ReturnType<ObjectIds['read']>, kind: ObjectKind): number {
  if (ref?.place !== undefined) return ref.place;
  throw new GatewayError('object_not_found', `There is no ${kind} of this id to go on after`, { param: 'after' });
}
