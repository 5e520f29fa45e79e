import type { Directory, DirectoryObject } from '../directory/directory.ts';
import type { Principal } from '../types/principal.ts';
import type { JsonObject } from '../types/json.ts';
import type { Standing } from './admin-route.ts';
import { objectsIn } from './read-body.ts';

/** Who manages: the principal of the call, and where they have a seat. */
export type Actor = {
  readonly principal: Principal;
  readonly standings: ReadonlySet<Standing>;
  /** Teams and organizations that they administer, and those that they are in at all. */
  readonly teams: Seats;
  readonly organizations: Seats;
};

export type Seats = { readonly administered: ReadonlySet<string>; readonly joined: ReadonlySet<string> };

export function actorOf(principal: Principal, directory: Directory): Actor {
  const { userId, role, isAdmin } = principal;
  const teams = seatsOf(userId, directory.all('team'), 'members_with_roles', ({ role: seat }) => seat === 'admin');
  const organizations = seatsOf(userId, directory.all('organization'), 'members', ({ user_role: seat }) => seat === 'org_admin');
  const standings = new Set<Standing>(['key']);
  if (isAdmin || role === 'proxy_admin') standings.add('proxy_admin');
  // Whoever administers an organization does so by their seat in it.
  if (role && role !== 'proxy_admin') standings.add(role === 'org_admin' ? 'internal_user' : role);
  if (organizations.administered.size > 0) standings.add('org_admin');
  if (teams.administered.size > 0) standings.add('team_admin');
  return { principal, standings, teams, organizations };
}

function seatsOf(userId: string | undefined, objects: readonly DirectoryObject[], field: string, isAdmin: (member: JsonObject) => boolean): Seats {
  const [administered, joined] = [new Set<string>(), new Set<string>()];
  for (const { id, body } of userId === undefined ? [] : objects) {
    const member = objectsIn(body[field]).find(({ user_id: member }) => member === userId);
    if (!member) continue;
    joined.add(id);
    if (isAdmin(member)) administered.add(id);
  }
  return { administered, joined };
}
