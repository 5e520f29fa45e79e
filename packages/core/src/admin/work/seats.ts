import type { DirectoryObject } from '../../directory/directory.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import { objectsIn, textOf } from '../read-body.ts';

/** Where the seats of a group stand. */
const FIELD: Readonly<Record<string, string>> = { team: 'members_with_roles', organization: 'members' };

type Whose = { readonly user_id?: string | null; readonly user_email?: string | null };

export function seatsIn({ kind, body }: DirectoryObject): readonly JsonObject[] {
  return objectsIn(body[FIELD[kind] as string]);
}

/** The body of a group with one seat more. @throws GatewayError `object_exists` for who has one. */
export function seated(group: DirectoryObject, member: JsonObject): JsonObject {
  const seats = seatsIn(group);
  if (seats.some((seat) => isSame(seat, member)))
    throw new GatewayError('object_exists', `There is a seat for them in the ${group.kind} '${group.id}' already`, { param: 'member' });
  return withSeats(group, [...seats, member]);
}

/** The body without the seats that `isOut` names, or nothing where there is none. */
export function unseated(group: DirectoryObject, isOut: (seat: JsonObject) => boolean): JsonObject | undefined {
  const seats = seatsIn(group);
  const left = seats.filter((seat) => !isOut(seat));
  return left.length === seats.length ? undefined : withSeats(group, left);
}

/** The body with a seat changed. */
export function reseated(group: DirectoryObject, seat: JsonObject, next: JsonObject): JsonObject {
  return withSeats(
    group,
    seatsIn(group).map((one) => (one === seat ? next : one)),
  );
}

/** @throws GatewayError `object_not_found`, `invalid_request` where nobody is named. */
export function requireSeat(group: DirectoryObject, whose: Whose): JsonObject {
  if (!whose.user_id && !whose.user_email) throw new GatewayError('invalid_request', 'user_id or user_email is missing', { param: 'user_id' });
  const found = seatsIn(group).find((seat) => isSame(seat, whose));
  if (!found) throw new GatewayError('object_not_found', `They have no seat in the ${group.kind} '${group.id}'`, { param: 'user_id' });
  return found;
}

/**
 * Who is meant, by id or by email. Administrators find whom they name by email, and make whom they name and nobody
 * knows; to others a person out of reach is as good as absent, and what they wrote is what the seat says.
 */
export function toMember(call: AdminCall<unknown>, { user_id: id, user_email: email }: Whose): JsonObject {
  if (!id && !email) throw new GatewayError('invalid_request', 'user_id or user_email is missing', { param: 'member' });
  const isAdmin = call.actor.standings.has('proxy_admin');
  const byEmail = email && isAdmin ? call.directory.all('user').find(({ body }) => textOf(body.user_email)?.toLowerCase() === email.toLowerCase()) : undefined;
  const userId = id ?? byEmail?.id ?? (isAdmin ? (email ?? undefined) : undefined);
  if (isAdmin && userId !== undefined && !call.current('user', userId))
    call.create('user', userId, { user_role: 'internal_user', ...(email && { user_email: email }) });
  return { ...(userId !== undefined && { user_id: userId }), ...(email && { user_email: email }) };
}

function isSame(seat: JsonObject, { user_id: id, user_email: email }: Whose): boolean {
  return (id !== undefined && id !== null && seat.user_id === id) || (!id && !!email && seat.user_email === email);
}

function withSeats({ kind, body }: DirectoryObject, seats: readonly JsonObject[]): JsonObject {
  return { ...body, [FIELD[kind] as string]: seats };
}
