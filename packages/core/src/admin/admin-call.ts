import { GatewayError } from '../errors/gateway-error.ts';
import type { Directory, DirectoryObject } from '../directory/directory.ts';
import type { AuditAction, AuditEntry, ObjectChange, ObjectKind } from '../types/directory.ts';
import type { JsonObject } from '../types/json.ts';
import type { Actor } from './actor.ts';
import type { AdminRoute, Standing } from './admin-route.ts';
import { masked } from './audit.ts';
import { type Place, placeOf } from './place.ts';
import { standingsAt } from './reach.ts';

export type AdminCallInit<Input> = {
  readonly input: Input;
  readonly actor: Actor;
  readonly route: AdminRoute;
  readonly directory: Directory;
  readonly now: number;
};

/**
 * One management call: the directory as far as its actor reaches, and the changes that it will make of it, all or none.
 * What is out of reach is told in the same words as what is not there.
 */
export class AdminCall<Input> {
  readonly input: Input;
  readonly actor: Actor;
  readonly now: number;
  /** The directory without regard to who asks: for what follows from a change, never for an answer. */
  readonly directory: Directory;
  readonly #route: AdminRoute;
  readonly #changes = new Map<string, { readonly change: ObjectChange; readonly entry: AuditEntry }>();

  constructor({ input, actor, route, directory, now }: AdminCallInit<Input>) {
    this.input = input;
    this.actor = actor;
    this.directory = directory;
    this.now = now;
    this.#route = route;
  }

  get at(): string {
    return new Date(this.now).toISOString();
  }

  /** Who is written down as the one who did it. */
  get by(): string {
    const { userId, keyId } = this.actor.principal;
    return userId ?? keyId;
  }

  get changes(): readonly ObjectChange[] {
    return [...this.#changes.values()].map(({ change }) => change);
  }

  get entries(): readonly AuditEntry[] {
    return [...this.#changes.values()].map(({ entry }) => entry);
  }

  /** An object within reach, with what this call has already made of it. */
  find(kind: ObjectKind, id: string): DirectoryObject | undefined {
    const object = this.current(kind, id);
    return object && this.#standings(placeOf(kind, id, object.body, this.directory)).length > 0 ? object : undefined;
  }

  /** @throws GatewayError `object_not_found`, for what is absent and what is out of reach alike. */
  require(kind: ObjectKind, id: string, param: string): DirectoryObject {
    const found = this.find(kind, id);
    if (found) return found;
    throw new GatewayError('object_not_found', `There is no ${toWords(kind)} '${id}'`, { param });
  }

  /** All objects of a kind within reach. */
  list(kind: ObjectKind): readonly DirectoryObject[] {
    return this.directory.all(kind).filter(({ id, body }) => this.#standings(placeOf(kind, id, body, this.directory)).length > 0);
  }

  /** `standsIn`: where it will stand once this call is done. @throws GatewayError `object_exists`, `not_permitted`. */
  create(kind: ObjectKind, id: string, body: JsonObject, standsIn: Partial<Place> = {}): void {
    this.#requirePermission({ ...placeOf(kind, id, body, this.directory), ...standsIn });
    if (this.current(kind, id)) throw new GatewayError('object_exists', `There is a ${toWords(kind)} '${id}' already`);
    this.#put('created', kind, id, undefined, { ...body, created_at: this.at, created_by: this.by, updated_at: this.at, updated_by: this.by });
  }

  /** @throws GatewayError `not_permitted` where what it becomes is out of reach, or a field is not the actor's to set. */
  amend(object: DirectoryObject, body: JsonObject, action: AuditAction = 'updated'): void {
    this.#requirePermission(placeOf(object.kind, object.id, object.body, this.directory));
    this.#requirePermission(placeOf(object.kind, object.id, body, this.directory));
    this.#put(action, object.kind, object.id, object, { ...body, updated_at: this.at, updated_by: this.by });
  }

  remove(object: DirectoryObject): void {
    this.#requirePermission(placeOf(object.kind, object.id, object.body, this.directory));
    this.#put('deleted', object.kind, object.id, object, undefined);
  }

  /** The object as it will be after this call so far. */
  current(kind: ObjectKind, id: string): DirectoryObject | undefined {
    const pending = this.#changes.get(`${kind} ${id}`);
    const object = this.directory.get(kind, id);
    if (!pending) return object;
    const { body, from } = pending.change;
    return body && { kind, id, revision: from, body };
  }

  #put(action: AuditAction, kind: ObjectKind, id: string, before: DirectoryObject | undefined, body: JsonObject | undefined): void {
    const name = `${kind} ${id}`;
    const earlier = this.#changes.get(name);
    const { keyId, userId } = this.actor.principal;
    this.#changes.set(name, {
      change: { kind, id, body, from: earlier?.change.from ?? before?.revision ?? 0 },
      entry: {
        at: this.at,
        keyId,
        userId,
        action: earlier?.entry.action ?? action,
        kind,
        objectId: id,
        before: earlier ? earlier.entry.before : masked(before?.body),
        after: masked(body),
      },
    });
  }

  #standings(place: Place): readonly Standing[] {
    return standingsAt(place, this.actor, this.#route, this.directory);
  }

  #requirePermission(place: Place): void {
    const standings = this.#standings(place);
    if (standings.length === 0)
      throw new GatewayError('not_permitted', `${this.#route.method} ${this.#route.path}: a ${toWords(place.kind)} would stand where you have no say, or did`);
    const input = this.input as JsonObject;
    for (const { for: permitted, fields } of this.#route.reserved ?? []) {
      if (standings.some((standing) => permitted.includes(standing))) continue;
      const param = fields.find((field) => input[field] !== undefined);
      if (param !== undefined) throw new GatewayError('not_permitted', `'${param}' is not yours to set: that takes ${permitted.join(' or ')}`, { param });
    }
  }
}

function toWords(kind: ObjectKind): string {
  return kind.replaceAll('_', ' ');
}
