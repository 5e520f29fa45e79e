import type { Directory } from '../directory/directory.ts';
import type { ObjectKind } from '../types/directory.ts';
import type { JsonObject } from '../types/json.ts';
import { objectsIn, textOf, textsIn } from './read-body.ts';

/** Where an object stands among people: what decides who reaches it. */
export type Place = {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly userId?: string | undefined;
  readonly teamId?: string | undefined;
  readonly organizationIds: readonly string[];
  /** Of a user: their role. */
  readonly role?: string | undefined;
};

export function placeOf(kind: ObjectKind, id: string, body: JsonObject, directory: Directory): Place {
  switch (kind) {
    case 'key':
    case 'project':
      return { kind, id, userId: textOf(body.user_id), teamId: textOf(body.team_id), organizationIds: organizationsOf(body, directory) };
    case 'team':
      return { kind, id, teamId: id, organizationIds: organizationsOf(body, directory) };
    case 'organization':
      return { kind, id, organizationIds: [id] };
    case 'user':
      return { kind, id, userId: id, role: textOf(body.user_role), organizationIds: membershipsOf(id, directory) };
    default:
      return { kind, id, organizationIds: [] };
  }
}

function organizationsOf(body: JsonObject, directory: Directory): readonly string[] {
  const team = typeof body.team_id === 'string' ? directory.get('team', body.team_id)?.body : undefined;
  return textsIn([body.organization_id, team?.organization_id]);
}

function membershipsOf(userId: string, directory: Directory): readonly string[] {
  return directory
    .all('organization')
    .filter(({ body }) => objectsIn(body.members).some(({ user_id: id }) => id === userId))
    .map(({ id }) => id);
}
