import { GatewayError } from '../../../errors/gateway-error.ts';
import type { CallField, CallFilter, CallMatch } from '../../../types/spend.ts';
import type { AdminCall } from '../../admin-call.ts';
import type { Desk } from '../../desk.ts';
import { readMoment } from '../../read-moment.ts';
import { requireKey } from '../key-work.ts';

const DAY_MS = 86_400_000;

/** What a route is asked about, of all that any of them may be. */
export type Asked = {
  readonly start_date?: string | null;
  readonly end_date?: string | null;
  readonly api_key?: string | null;
  readonly user_id?: string | null;
  readonly team_id?: string | null;
  readonly organization_id?: string | null;
  readonly end_user?: string | null;
  readonly tag?: string | null;
  readonly model?: string | null;
  readonly provider?: string | null;
};

/** How far back goes what is not told from when. */
export type Since = 'ever' | 'month';

/** The calls that are asked for, and no others than those the one who asks may see. @throws GatewayError `object_not_found`, `invalid_request`. */
export function callsAskedFor(call: AdminCall<unknown>, desk: Desk, asked: Asked, since: Since = 'month', more: CallMatch = {}): CallFilter {
  const { api_key: key, user_id: user, team_id: team, organization_id: organization } = asked;
  const named: Partial<Record<CallField, readonly string[]>> = { ...more };
  if (key) named.key = [seesAll(call) ? (desk.keyIdOf(key) ?? key) : requireKey(call, desk, key, 'api_key').id];
  if (user) named.user = [reached(call, 'user', user, 'user_id')];
  if (team) named.team = [reached(call, 'team', team, 'team_id')];
  if (organization) named.organization = [reached(call, 'organization', organization, 'organization_id')];
  for (const field of ['end_user', 'tag', 'model', 'provider'] as const) if (asked[field]) named[field] = [asked[field]];
  return { ...rangeOf(asked, call.now, since), where: named, within: scopeOf(call) };
}

/** An id whose calls may be asked for. To those who see everything also of what has been deleted since. */
export function reached(call: AdminCall<unknown>, kind: 'user' | 'team' | 'organization', id: string, param: string): string {
  return seesAll(call) ? id : call.require(kind, id, param).id;
}

function seesAll({ actor: { standings } }: AdminCall<unknown>): boolean {
  return standings.has('proxy_admin') || standings.has('proxy_admin_viewer');
}

/** Their own calls, and those of teams and organizations that they administer. */
function scopeOf(call: AdminCall<unknown>): readonly CallMatch[] | undefined {
  if (seesAll(call)) return undefined;
  const { principal, teams, organizations } = call.actor;
  const scopes: CallMatch[] = [{ key: [principal.keyId] }];
  if (principal.userId !== undefined) scopes.push({ user: [principal.userId] });
  if (teams.administered.size > 0) scopes.push({ team: [...teams.administered] });
  if (organizations.administered.size > 0) scopes.push({ organization: [...organizations.administered] });
  return scopes;
}

function rangeOf({ start_date: start, end_date: end }: Asked, now: number, since: Since): { readonly from: number; readonly to: number } {
  const tomorrow = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
  const to = (end ? readMoment(end, 'end') : undefined) ?? tomorrow;
  const from = (start ? readMoment(start) : undefined) ?? (since === 'ever' ? 0 : (Math.ceil(to / DAY_MS) - 30) * DAY_MS);
  if (from >= to) throw new GatewayError('invalid_request', `start_date lies after end_date${end ? '' : ', which is today'}`, { param: 'start_date' });
  return { from, to };
}
