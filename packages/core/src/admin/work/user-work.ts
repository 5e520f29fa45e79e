import { GatewayError } from '../../errors/gateway-error.ts';
import type { DirectoryObject } from '../../directory/directory.ts';
import type { AdminCall } from '../admin-call.ts';
import type { InputOf, OutputOf } from '../admin-route.ts';
import type { USER_ROUTES } from '../contract/user-routes.ts';
import type { Desk, Work } from '../desk.ts';
import { newId } from '../new-id.ts';
import { objectsIn, textOf } from '../read-body.ts';
import { asLeft, changed, listed, pageOf, requireReferences, shown, shownWithSpend } from './bodies.ts';
import { type KeyInput, toKeyBody } from './key-body.ts';
import { callsOnly, leftRow, toRow } from './key-work.ts';
import { reseated, seated, seatsIn, unseated } from './seats.ts';

type Routes = typeof USER_ROUTES;
type Row = OutputOf<Routes['user.info']>['user_info'];

/** Asked for beside the person. */
const NOT_KEPT = ['user_id', 'teams', 'organizations', 'team_id', 'auto_create_key', 'duration', 'key_alias', 'spend', 'send_invite_email'];
/** The least that a person needs to have keys of their own. */
const DEFAULT_ROLE = 'internal_user';
const RANKS_BELOW_ADMIN = ['internal_user', 'internal_user_viewer'];

export const userWork: Work<Routes> = {
  'user.new'(call, desk) {
    const input: InputOf<Routes['user.new']> = { ...desk.rules.defaults?.user, ...call.input };
    const id = input.user_id ?? newId();
    requireFree(call, input, id);
    const body = changed({ user_role: DEFAULT_ROLE }, input, NOT_KEPT);
    requireRank(call, body.user_role);
    requireReferences(call, body);
    for (const organizationId of input.organizations ?? []) seat(call, 'organization', organizationId, { user_id: id, user_role: body.user_role });
    for (const teamId of [...(input.teams ?? []), ...(input.team_id ? [input.team_id] : [])]) seat(call, 'team', teamId, { user_id: id, role: 'user' });
    call.create('user', id, body, { organizationIds: input.organizations ?? [] });
    claimSeats(call, id, input.user_email);
    const key = input.auto_create_key === false ? {} : makeKey(call, desk, id);
    return { ...toShown(call, asLeft(call, 'user', id)), ...key };
  },

  async 'user.info'(call, desk) {
    const user = requireOneself(call);
    const { id } = user;
    const keys = call.list('key').filter(({ body }) => body.user_id === id);
    const teams = call.list('team').filter((team) => isIn(team, 'members_with_roles', id));
    return {
      user_id: id,
      user_info: await shownWithSpend<Row>(desk, user, 'user_id', seatsOf(call, id)),
      keys: keys.map(toRow),
      teams: teams.map((team) => shown(team, 'team_id')),
    };
  },

  'user.info_alone'(call, desk) {
    const user = requireOneself(call);
    return shownWithSpend<Row>(desk, user, 'user_id', seatsOf(call, user.id));
  },

  async 'user.list'(call, desk) {
    const { page, page_size: size, sort_by, sort_order, search } = call.input;
    const { items, ...facts } = pageOf(listed(select(call), { search: search ?? null }), { page, size, sort_by, sort_order } as never);
    const users = await Promise.all(items.map((user) => shownWithSpend<Row>(desk, user, 'user_id', seatsOf(call, user.id))));
    return { users, total: facts.total, page: facts.page, page_size: facts.size, total_pages: facts.pages };
  },

  'user.update'(call) {
    const id = changeUser(call, call.input);
    return { user_id: id, data: toShown(call, asLeft(call, 'user', id)) };
  },

  'user.bulk_update'(call) {
    const ids = call.input.users.map((each) => changeUser(call, each));
    const results = ids.map((id) => ({ user_id: id, success: true, updated_user: toShown(call, asLeft(call, 'user', id)) }));
    return { results, total_requested: ids.length, successful_updates: ids.length, failed_updates: 0 };
  },

  'user.delete'(call) {
    for (const id of call.input.user_ids) {
      call.remove(call.require('user', id, 'user_ids'));
      for (const key of call.directory.all('key')) if (key.body.user_id === id) call.remove(key);
      for (const kind of ['team', 'organization'] as const)
        for (const { id: groupId } of call.directory.all(kind)) {
          const group = asLeft(call, kind, groupId);
          const body = unseated(group, ({ user_id: member }) => member === id);
          if (body) call.amend(group, body);
        }
    }
    return { deleted_user_ids: call.input.user_ids };
  },
};

/** Who is named, or who asks. */
function requireOneself(call: AdminCall<{ readonly user_id?: string | null }>): DirectoryObject {
  const id = call.input.user_id ?? call.actor.principal.userId;
  if (id === undefined) throw new GatewayError('invalid_request', 'user_id is missing, and this key stands for nobody', { param: 'user_id' });
  return call.require('user', id, 'user_id');
}

function changeUser(call: AdminCall<unknown>, asked: InputOf<Routes['user.update']>): string {
  const { user_id: id } = asked;
  const found = id ? call.require('user', id, 'user_id') : requireByEmail(call, asked.user_email);
  const user = asLeft(call, 'user', found.id);
  const body = changed(user.body, asked, NOT_KEPT);
  requireFree(call, asked, user.id);
  requireReferences(call, body, user.body);
  call.amend(user, body);
  return user.id;
}

function makeKey(call: AdminCall<InputOf<Routes['user.new']>>, desk: Desk, userId: string): object {
  const { duration, key_alias, team_id } = call.input;
  const { key, stored } = desk.issue();
  const asked = { user_id: userId, ...(duration && { duration }), ...(key_alias && { key_alias }), ...(team_id && { team_id }) };
  const id = newId();
  call.create(
    'key',
    id,
    { ...callsOnly(call, toKeyBody(call, desk, { ...(desk.rules.defaults?.key as KeyInput), ...asked }), desk), ...stored },
    { organizationIds: call.input.organizations ?? [] },
  );
  const { token, key_name, expires } = leftRow(call, id);
  return { key, token, key_name, ...(expires ? { expires } : {}) };
}

function seat(call: AdminCall<unknown>, kind: 'team' | 'organization', id: string, member: object): void {
  call.require(kind, id, `${kind}s`);
  const group = asLeft(call, kind, id);
  call.amend(group, seated(group, { ...member }));
}

/** Seats that were given to an email, before anybody knew whose it is, are theirs now. */
function claimSeats(call: AdminCall<unknown>, userId: string, email: string | null | undefined): void {
  if (!email) return;
  for (const kind of ['team', 'organization'] as const)
    for (const { id } of call.list(kind)) {
      const group = asLeft(call, kind, id);
      const seat = seatsIn(group).find(({ user_id, user_email }) => user_id === undefined && textOf(user_email)?.toLowerCase() === email.toLowerCase());
      if (seat) call.amend(group, reseated(group, seat, { ...seat, user_id: userId }));
    }
}

function select(call: AdminCall<InputOf<Routes['user.list']>>): readonly DirectoryObject[] {
  const { role, user_ids: ids, sso_user_ids: ssoIds, user_email: email, team, organization_id: organizationId } = call.input;
  const members = team ? objectsIn(call.directory.get('team', team)?.body.members_with_roles).map(({ user_id: id }) => id) : undefined;
  const joined = organizationId ? objectsIn(call.directory.get('organization', organizationId)?.body.members).map(({ user_id: id }) => id) : undefined;
  return call
    .list('user')
    .filter(
      ({ id, body }) =>
        (!role || body.user_role === role) && (!ids || ids.includes(id)) && (!members || members.includes(id)) && (!joined || joined.includes(id)),
    )
    .filter(
      ({ body }) =>
        (!ssoIds || ssoIds.includes(String(body.sso_user_id))) &&
        (!email ||
          String(body.user_email ?? '')
            .toLowerCase()
            .includes(email.toLowerCase())),
    );
}

function toShown(call: AdminCall<unknown>, user: DirectoryObject): Row {
  return shown(user, 'user_id', seatsOf(call, user.id));
}

/** The teams and organizations of a person, as far as the one who asks reaches. */
function seatsOf(call: AdminCall<unknown>, id: string): { readonly teams: readonly string[]; readonly organizations: readonly string[] } {
  const of = (kind: 'team' | 'organization', field: string): readonly string[] =>
    call
      .list(kind)
      .map((group) => asLeft(call, kind, group.id))
      .filter((group) => isIn(group, field, id))
      .map((group) => group.id);
  return { teams: of('team', 'members_with_roles'), organizations: of('organization', 'members') };
}

function isIn({ body }: DirectoryObject, field: string, userId: string): boolean {
  return objectsIn(body[field]).some(({ user_id: id }) => id === userId);
}

function requireRank({ actor }: AdminCall<unknown>, role: unknown): void {
  if (actor.standings.has('proxy_admin') || RANKS_BELOW_ADMIN.includes(String(role))) return;
  throw new GatewayError('not_permitted', `The role '${String(role)}' is not yours to give: that takes proxy_admin`, { param: 'user_role' });
}

/** Sign-in finds people by them. */
const SIGNS = ['user_email', 'sso_user_id'] as const;

function requireFree(call: AdminCall<unknown>, asked: { readonly [Sign in (typeof SIGNS)[number]]?: string | null | undefined }, id: string): void {
  for (const sign of SIGNS) {
    const folded = (value: unknown): unknown => (sign === 'user_email' ? textOf(value)?.toLowerCase() : value);
    const value = folded(asked[sign]);
    const isTaken = call.directory.all('user').some((user) => user.id !== id && folded(call.current('user', user.id)?.body[sign]) === value);
    if (value && isTaken) throw new GatewayError('object_exists', `There is a user with this ${sign} already`, { param: sign });
  }
}

function requireByEmail(call: AdminCall<unknown>, email: string | null | undefined): DirectoryObject {
  if (!email) throw new GatewayError('invalid_request', 'user_id is missing', { param: 'user_id' });
  const found = call.list('user').find(({ body }) => textOf(body.user_email)?.toLowerCase() === email.toLowerCase());
  if (!found) throw new GatewayError('object_not_found', 'There is no user with this email', { param: 'user_email' });
  return found;
}
