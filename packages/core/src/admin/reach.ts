import type { Directory } from '../directory/directory.ts';
import type { Actor } from './actor.ts';
import type { AdminRoute, Standing } from './admin-route.ts';
import type { Place } from './place.ts';
import { textsIn } from './read-body.ts';

/** Those of an actor's standings that a route admits and that reach an object. None: to the actor it is not there. */
export function standingsAt(place: Place, actor: Actor, route: AdminRoute, directory: Directory): readonly Standing[] {
  return route.who.filter((standing) => actor.standings.has(standing) && reaches[standing](place, actor, route, directory));
}

type Reaches = (place: Place, actor: Actor, route: AdminRoute, directory: Directory) => boolean;

const everywhere: Reaches = () => true;

const reaches: Readonly<Record<Standing, Reaches>> = {
  proxy_admin: everywhere,
  proxy_admin_viewer: everywhere,
  org_admin: (place, actor) => place.organizationIds.some((id) => actor.organizations.administered.has(id)) && !isAboveOrganizations(place),
  team_admin: (place, actor) => place.kind !== 'user' && place.teamId !== undefined && actor.teams.administered.has(place.teamId),
  internal_user: isOwn,
  internal_user_viewer: isOwn,
  key: (place, { principal }) => place.kind === 'key' && place.id === principal.keyId,
};

/** Who may do more than an organization's administrators is not theirs to change. */
function isAboveOrganizations({ kind, role }: Place): boolean {
  return kind === 'user' && (role === 'proxy_admin' || role === 'proxy_admin_viewer');
}

function isOwn(place: Place, actor: Actor, route: AdminRoute, directory: Directory): boolean {
  const { userId } = actor.principal;
  if (userId === undefined) return false;
  switch (place.kind) {
    case 'user':
      return place.userId === userId;
    case 'key':
      return place.userId === userId && (place.teamId === undefined || mayWithTeamKeys(place.teamId, actor, route, directory));
    case 'team':
    case 'project':
      return place.teamId !== undefined && actor.teams.joined.has(place.teamId);
    case 'organization':
      return actor.organizations.joined.has(place.id);
    default:
      return false;
  }
}

/** A team's keys are the team's: a member looks at their own, and does with them what the team permits. */
function mayWithTeamKeys(teamId: string, actor: Actor, { method, path, also = [] }: AdminRoute, directory: Directory): boolean {
  if (method === 'GET') return true;
  const permitted = textsIn(directory.get('team', teamId)?.body.team_member_permissions);
  return actor.teams.joined.has(teamId) && [path, ...also].some((one) => permitted.includes(one));
}
