import type { DirectoryObject } from '../../directory/directory.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { ObjectKind } from '../../types/directory.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import type { Desk } from '../desk.ts';
import { textsIn } from '../read-body.ts';
import { together } from './together.ts';

/** A body with what is asked for: a field that is null is one that is not there. */
export function changed(before: JsonObject, asked: object, leaveOut: readonly string[] = []): JsonObject {
  const next = { ...before, ...asked } as JsonObject;
  return Object.fromEntries(Object.entries(next).filter(([name, value]) => value !== null && value !== undefined && !leaveOut.includes(name)));
}

/** An object as it is shown: its body under the name of its id. */
export function shown<Row>({ id, body }: DirectoryObject, idName: string, more: object = {}): Row {
  return { ...body, ...more, [idName]: id } as Row;
}

/** The same, with what it has cost. */
export async function shownWithSpend<Row>(desk: Desk, object: DirectoryObject, idName: string, more: object = {}): Promise<Row> {
  return shown(object, idName, { ...more, ...(await desk.spendOf(object)) });
}

/** The object as a call leaves it. */
export function asLeft(call: AdminCall<unknown>, kind: ObjectKind, id: string): DirectoryObject {
  return call.current(kind, id) as DirectoryObject;
}

const OWNERS = { team_id: 'team', organization_id: 'organization', project_id: 'project' } as const;

/**
 * What a body newly names has to be there: an owner that does not exist would limit nothing. And it has to be within
 * reach, for whoever it belongs to pays for what is done in its name.
 */
export function requireReferences(call: AdminCall<unknown>, body: JsonObject, before: JsonObject = {}): void {
  const isNew = (field: string): boolean => body[field] !== undefined && body[field] !== before[field];
  const owners = Object.entries(OWNERS).filter(([field]) => isNew(field));
  const named: (readonly [string, ObjectKind, unknown])[] = [
    ...(isNew('budget_id') ? [['budget_id', 'budget', body.budget_id] as const] : []),
    ...textsIn(body.access_group_ids).map((id) => ['access_group_ids', 'access_group', id] as const),
  ];
  together(
    ...owners.map(
      ([field, kind]) =>
        () =>
          void call.require(kind, String(body[field]), field),
    ),
    ...named.map(([param, kind, id]) => () => {
      if (!call.directory.get(kind, String(id)))
        throw new GatewayError('object_not_found', `There is no ${kind.replaceAll('_', ' ')} '${String(id)}'`, { param });
    }),
  );
}

/** @throws GatewayError `object_in_use` where any object of these kinds names it in `field`. */
export function requireUnused({ directory }: AdminCall<unknown>, field: string, id: string, kinds: readonly ObjectKind[]): void {
  for (const kind of kinds) {
    const user = directory.all(kind).find(({ body }) => body[field] === id);
    if (user) throw new GatewayError('object_in_use', `'${id}' is named by the ${kind.replaceAll('_', ' ')} '${user.id}'`);
  }
}

export type Page<T> = { readonly items: readonly T[]; readonly total: number; readonly page: number; readonly size: number; readonly pages: number };

type Paging = { readonly page?: number | null; readonly size?: number | null; readonly sort_by?: string | null; readonly sort_order?: string | null };

/** A page of objects, in the order of one of their fields; by default the newest first. */
export function pageOf(objects: readonly DirectoryObject[], { page, size, sort_by: by, sort_order: order }: Paging): Page<DirectoryObject> {
  const field = by ?? 'created_at';
  const direction = (order ?? 'desc') === 'asc' ? 1 : -1;
  const sorted = [...objects].sort((one, other) => direction * compare(one.body[field], other.body[field]) || compare(one.id, other.id));
  const length = size ?? 50;
  const number = page ?? 1;
  return {
    items: sorted.slice((number - 1) * length, number * length),
    total: sorted.length,
    page: number,
    size: length,
    pages: Math.ceil(sorted.length / length),
  };
}

function compare(one: unknown, other: unknown): number {
  if (one === other) return 0;
  if (one === undefined) return -1;
  if (other === undefined) return 1;
  return (one as string) < (other as string) ? -1 : 1;
}

const NAMES = ['key_alias', 'team_alias', 'user_alias', 'organization_alias', 'project_alias', 'alias', 'user_email', 'description', 'model_name'];

type Listing = Omit<Paging, 'size'> & { readonly search?: string | null; readonly page_size?: number | null };

/** Those that a list asks for by a part of their name, and of these a page where one is asked for; in their own order unless another one is. */
export function listed(objects: readonly DirectoryObject[], { search, page, page_size: size, sort_by, sort_order }: Listing): readonly DirectoryObject[] {
  const part = search?.toLowerCase();
  const found = part ? objects.filter(({ id, body }) => [id, ...NAMES.map((name) => body[name])].some((name) => isNamed(name, part))) : objects;
  const isWhole = [page, size, sort_by, sort_order].every((one) => one === undefined || one === null);
  return isWhole
    ? found
    : pageOf(found, { page: page ?? null, size: size ?? (page ? null : Math.max(1, found.length)), sort_by: sort_by ?? null, sort_order: sort_order ?? null })
        .items;
}

function isNamed(name: unknown, part: string): boolean {
  return typeof name === 'string' && name.toLowerCase().includes(part);
}
