import type { DirectoryObject } from '../../directory/directory.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import type { InputOf, OutputOf } from '../admin-route.ts';
import type { ORGANIZATION_ROUTES } from '../contract/organization-routes.ts';
import type { Desk, Work } from '../desk.ts';
import { newId } from '../new-id.ts';
import { textsIn } from '../read-body.ts';
import { asLeft, changed, listed, requireReferences, shown, shownWithSpend } from './bodies.ts';
import { requireNames } from './key-body.ts';
import { requireSeat, reseated, seated, seatsIn, toMember, unseated } from './seats.ts';
import { removeTeam } from './team-work.ts';

type Routes = typeof ORGANIZATION_ROUTES;
type Row = OutputOf<Routes['organization.new']>;
type OneOrMore<T> = T | readonly T[];
type NewMember = Exclude<InputOf<Routes['organization.member_add']>['member'], readonly unknown[]>;

export const organizationWork: Work<Routes> = {
  'organization.new'(call, desk) {
    const id = call.input.organization_id ?? newId();
    call.create('organization', id, { ...toBody(call, desk, {}), members: [] });
    return left(call, id);
  },

  async 'organization.info'(call, desk) {
    const organization = requireOrganization(call);
    return shownWithSpend(desk, organization, 'organization_id', partsOf(call, organization));
  },

  'organization.list'(call, desk) {
    const { org_id: id, org_alias: alias } = call.input;
    const found = call.list('organization').filter((one) => (!id || one.id === id) && (!alias || one.body.organization_alias === alias));
    return Promise.all(listed(found, call.input).map((one) => shownWithSpend<Row>(desk, one, 'organization_id', partsOf(call, one))));
  },

  'organization.infos'(call, desk) {
    const found = call.input.organizations.map((id) => call.require('organization', id, 'organizations'));
    return Promise.all(found.map((one) => shownWithSpend<Row>(desk, one, 'organization_id', partsOf(call, one))));
  },

  'organization.update'(call, desk) {
    const organization = requireOrganization(call);
    call.amend(organization, toBody(call, desk, organization.body));
    return left(call, organization.id);
  },

  'organization.delete'(call) {
    return call.input.organization_ids.map((id) => {
      const organization = call.require('organization', id, 'organization_ids');
      const row = toShown(call, organization);
      for (const team of call.directory.all('team')) if (team.body.organization_id === id) removeTeam(call, team);
      for (const key of call.directory.all('key')) if (key.body.organization_id === id) call.remove(key);
      call.remove(organization);
      return row;
    });
  },

  'organization.member_add'(call) {
    const { id } = requireOrganization(call);
    for (const { role, ...whose } of [call.input.member as OneOrMore<NewMember>].flat() as readonly NewMember[]) {
      // Whoever leads an organization sees who is in it: that cannot be the way to see a stranger.
      if (!call.actor.standings.has('proxy_admin') && whose.user_id) call.require('user', whose.user_id, 'member');
      const organization = asLeft(call, 'organization', id);
      const seat = changed(toMember(call, whose), { user_role: role ?? 'internal_user' });
      call.amend(organization, seated(organization, seat));
    }
    return left(call, id);
  },

  'organization.member_update'(call) {
    const { role } = call.input;
    const organization = requireOrganization(call);
    const seat = requireSeat(organization, call.input);
    const next = changed(seat, role ? { user_role: role } : {});
    call.amend(organization, reseated(organization, seat, next));
    return left(call, organization.id);
  },

  'organization.member_delete'(call) {
    const organization = requireOrganization(call);
    const seat = requireSeat(organization, call.input);
    call.amend(organization, unseated(organization, (one) => one === seat) ?? organization.body);
    return left(call, organization.id);
  },
};

function toBody(call: AdminCall<object>, desk: Desk, before: JsonObject): JsonObject {
  const body = changed(before, call.input, ['organization_id']);
  requireReferences(call, body, before);
  requireNames('guardrails', textsIn(body.guardrails), (name) => desk.guardrails.includes(name), desk.guardrails);
  return body;
}

function requireOrganization(call: AdminCall<{ readonly organization_id: string }>): DirectoryObject {
  return call.require('organization', call.input.organization_id, 'organization_id');
}

function left(call: AdminCall<unknown>, id: string): Row {
  return toShown(call, asLeft(call, 'organization', id));
}

function toShown(call: AdminCall<unknown>, organization: DirectoryObject): Row {
  return shown(organization, 'organization_id', partsOf(call, organization));
}

/** Seats and teams; of the teams those that the one who asks reaches. */
function partsOf(call: AdminCall<unknown>, organization: DirectoryObject): Pick<Row, 'members' | 'teams'> {
  const teams = call.list('team').filter(({ body }) => body.organization_id === organization.id);
  return { members: seatsIn(organization) as Row['members'], teams: teams.map(({ id }) => id) };
}
