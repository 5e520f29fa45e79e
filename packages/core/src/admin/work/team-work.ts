import type { DirectoryObject } from '../../directory/directory.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import type { AdminRoute, InputOf, OutputOf } from '../admin-route.ts';
import { KEY_ROUTES } from '../contract/key-routes.ts';
import type { TEAM_ROUTES } from '../contract/team-routes.ts';
import type { Desk, Work } from '../desk.ts';
import { newId } from '../new-id.ts';
import { textsIn } from '../read-body.ts';
import { asLeft, changed, listed, pageOf, requireReferences, shown, shownWithSpend } from './bodies.ts';
import { requireNames } from './key-body.ts';
import { toRow } from './key-work.ts';
import { together } from './together.ts';
import { requireSeat, reseated, seated, seatsIn, toMember, unseated } from './seats.ts';

type Routes = typeof TEAM_ROUTES;
type Row = OutputOf<Routes['team.new']>;
type MemberLimits = Omit<InputOf<Routes['team.bulk_member_add']>, 'team_id' | 'members'>;
type NewMember = InputOf<Routes['team.bulk_member_add']>['members'][number];

/** What a team may let its members do. */
const GRANTABLE = Object.values<AdminRoute>(KEY_ROUTES).flatMap(({ path, also = [] }) => [path, ...also]);

export const teamWork: Work<Routes> = {
  'team.new'(call, desk) {
    const { input } = call;
    const id = input.team_id ?? newId();
    const body = toBody(call, desk, {}, { ...desk.rules.defaults?.team, ...input });
    const named: readonly NewMember[] = [
      ...(input.members_with_roles ?? []),
      ...(input.members ?? []).map((user_id) => ({ user_id })),
      ...(input.admins ?? []).map((user_id) => ({ user_id, role: 'admin' as const })),
    ];
    call.create('team', id, { ...body, members_with_roles: named.map((member) => toSeat(call, member, {})) });
    return left(call, id);
  },

  async 'team.info'(call, desk) {
    const team = call.require('team', call.input.team_id, 'team_id');
    const keys = call.list('key').filter(({ body }) => body.team_id === team.id);
    return {
      team_id: team.id,
      team_info: await shownWithSpend<Row>(desk, team, 'team_id'),
      keys: keys.map(toRow),
      team_memberships: seatsIn(team) as Row['members_with_roles'],
    };
  },

  'team.list': (call, desk) => Promise.all(listed(select(call), call.input).map((team) => shownWithSpend<Row>(desk, team, 'team_id'))),

  async 'team.list_pages'(call, desk) {
    const { page, page_size: size, sort_by, sort_order, search } = call.input;
    const found = listed(select(call), { search: search ?? null }).filter(
      ({ id, body }) => (!call.input.team_id || id === call.input.team_id) && (!call.input.team_alias || body.team_alias === call.input.team_alias),
    );
    const { items, ...facts } = pageOf(found, { page, size, sort_by, sort_order } as never);
    return {
      teams: await Promise.all(items.map((team) => shownWithSpend<Row>(desk, team, 'team_id'))),
      total: facts.total,
      page: facts.page,
      page_size: facts.size,
      total_pages: facts.pages,
    };
  },

  'team.update': changeTeam,
  'team.patch': changeTeam,

  'team.delete'(call) {
    for (const id of call.input.team_ids) removeTeam(call, call.require('team', id, 'team_ids'));
    return { deleted_team_ids: call.input.team_ids };
  },

  'team.block': (call) => setBlocked(call, true),
  'team.unblock': (call) => setBlocked(call, false),

  'team.member_add': (call) => addMembers(call, [call.input.member].flat()),
  'team.bulk_member_add': (call) => addMembers(call, call.input.members),

  'team.member_update'(call) {
    const { role, user_id, user_email, ...limits } = call.input;
    const team = requireTeam(call);
    const seat = requireSeat(team, { ...(user_id && { user_id }), ...(user_email && { user_email }) });
    const next = changed(seat, { ...toLimits(limits), ...(role && { role }) });
    call.amend(team, reseated(team, seat, next));
    const { max_budget, ...rest } = next;
    return { team_id: team.id, ...rest, ...(max_budget === undefined ? {} : { max_budget_in_team: max_budget as number }) };
  },

  'team.member_delete'(call) {
    const team = requireTeam(call);
    const seat = requireSeat(team, call.input);
    call.amend(team, unseated(team, (one) => one === seat) ?? team.body);
    for (const key of call.directory.all('key'))
      if (key.body.team_id === team.id && seat.user_id !== undefined && key.body.user_id === seat.user_id) call.remove(key);
    return left(call, team.id);
  },

  'team.model_add': (call) => setModels(call, (models) => [...new Set([...models, ...call.input.models])]),

  'team.model_delete'(call) {
    return setModels(call, (models) => {
      const rest = models.filter((model) => !call.input.models.includes(model));
      // An empty list would let the team use every model.
      return models.length > 0 && rest.length === 0 ? ['no-default-models'] : rest;
    });
  },

  'team.permissions_list'(call) {
    const team = requireTeam(call);
    return { team_id: team.id, team_member_permissions: textsIn(team.body.team_member_permissions), all_available_permissions: GRANTABLE };
  },

  'team.permissions_update'(call) {
    const { team_member_permissions: permissions } = call.input;
    const team = requireTeam(call);
    requirePermissions(permissions);
    call.amend(team, changed(team.body, { team_member_permissions: permissions }));
    return left(call, team.id);
  },
};

function changeTeam(call: AdminCall<InputOf<Routes['team.update']>>, desk: Desk): OutputOf<Routes['team.update']> {
  const team = requireTeam(call);
  call.amend(team, toBody(call, desk, team.body));
  return { team_id: team.id, data: left(call, team.id) };
}

/** With its keys and projects: without it they would be nobody's. */
export function removeTeam(call: AdminCall<unknown>, team: DirectoryObject): void {
  call.remove(team);
  for (const kind of ['key', 'project'] as const) for (const object of call.directory.all(kind)) if (object.body.team_id === team.id) call.remove(object);
}

function toBody(
  call: AdminCall<InputOf<Routes['team.new']> | InputOf<Routes['team.update']>>,
  desk: Desk,
  before: JsonObject,
  asked: object = call.input,
): JsonObject {
  const body = changed(before, asked, ['team_id', 'members', 'admins']);
  together(
    () => requireReferences(call, body, before),
    () => requireNames('guardrails', textsIn(body.guardrails), (name) => desk.guardrails.includes(name), desk.guardrails),
    () => requirePermissions(textsIn(body.team_member_permissions)),
  );
  return body;
}

function requirePermissions(permissions: readonly string[]): void {
  requireNames('team_member_permissions', permissions, (path) => GRANTABLE.includes(path), GRANTABLE);
}

function requireTeam(call: AdminCall<{ readonly team_id: string }>): DirectoryObject {
  return call.require('team', call.input.team_id, 'team_id');
}

function setBlocked(call: AdminCall<{ readonly team_id: string }>, isBlocked: boolean): Row {
  const team = requireTeam(call);
  call.amend(team, changed(team.body, { blocked: isBlocked || null }), isBlocked ? 'blocked' : 'unblocked');
  return left(call, team.id);
}

function setModels(call: AdminCall<{ readonly team_id: string }>, change: (models: readonly string[]) => readonly string[]): Row {
  const team = requireTeam(call);
  call.amend(team, changed(team.body, { models: change(textsIn(team.body.models)) }));
  return left(call, team.id);
}

function addMembers(call: AdminCall<MemberLimits & { readonly team_id: string }>, members: readonly NewMember[]): Row {
  const { id } = requireTeam(call);
  for (const member of members) {
    const team = asLeft(call, 'team', id);
    call.amend(team, seated(team, toSeat(call, member, toLimits(call.input))));
  }
  return left(call, id);
}

function toSeat(call: AdminCall<unknown>, { role, ...whose }: NewMember, limits: object): JsonObject {
  return changed(toMember(call, whose), { role: role ?? 'user', ...limits });
}

/** What a member may use of the team, by the names that budgets have. */
function toLimits({ max_budget_in_team: max_budget, budget_duration, tpm_limit, rpm_limit }: MemberLimits): JsonObject {
  return Object.fromEntries(Object.entries({ max_budget, budget_duration, tpm_limit, rpm_limit }).filter(([, value]) => value !== undefined));
}

function select(call: AdminCall<{ readonly user_id?: string | null; readonly organization_id?: string | null }>): readonly DirectoryObject[] {
  const { user_id: userId, organization_id: organizationId } = call.input;
  return call
    .list('team')
    .filter(({ body }) => !organizationId || body.organization_id === organizationId)
    .filter((team) => !userId || seatsIn(team).some((seat) => seat.user_id === userId));
}

function left(call: AdminCall<unknown>, id: string): Row {
  return shown(asLeft(call, 'team', id), 'team_id');
}
