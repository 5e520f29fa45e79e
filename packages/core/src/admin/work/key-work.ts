import { isDeepStrictEqual } from 'node:util';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { DirectoryObject } from '../../directory/directory.ts';
import { hashesOf } from '../../directory/directory-ring.ts';
import type { StoredHash } from '../../directory/issue-key.ts';
import { weaknessOf } from '../../keys/weak-key.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import type { InputOf, OutputOf } from '../admin-route.ts';
import type { KEY_ROUTES } from '../contract/key-routes.ts';
import type { Desk, Work } from '../desk.ts';
import { newId } from '../new-id.ts';
import { textsIn } from '../read-body.ts';
import { readDuration } from '../read-duration.ts';
import { asLeft, changed, listed, pageOf } from './bodies.ts';
import { type KeyInput, toKeyBody } from './key-body.ts';
import { selectKeys } from './select-keys.ts';

type Routes = typeof KEY_ROUTES;
type Row = OutputOf<Routes['key.block']>;
type Made = OutputOf<Routes['key.generate']>;

export const keyWork: Work<Routes> = {
  'key.generate': (call, desk) => makeKey(call, desk, { ...call.input, user_id: call.input.user_id ?? ownerOf(call) }),

  'key.generate_service_account'(call, desk) {
    if (call.input.user_id) throw new GatewayError('invalid_request', 'A service account has no user', { param: 'user_id' });
    return makeKey(call, desk, call.input);
  },

  async 'key.info'(call, desk) {
    const key = requireKey(call, desk, call.input.key ?? call.actor.principal.keyId);
    return { key: key.id, info: { ...toRow(key), ...(await desk.spendOf(key)) } };
  },

  async 'key.list'(call, desk) {
    const { search, format, return_full_object: isFull } = call.input;
    const { items, total, page, pages } = pageOf(listed(selectKeys(call), { search: search ?? null }), call.input);
    const rows = (): Promise<Row[]> => Promise.all(items.map(async (key) => ({ ...toRow(key), ...(await desk.spendOf(key)) })));
    return { keys: isFull || format === 'csv' ? await rows() : items.map(({ id }) => id), total_count: total, current_page: page, total_pages: pages };
  },

  'key.aliases'(call) {
    const { search } = call.input;
    const named = call.list('key').filter(({ body: { key_alias: alias } }) => typeof alias === 'string' && alias.includes(search ?? ''));
    const { items, total, page, pages } = pageOf(named, { sort_by: 'key_alias', sort_order: 'asc', ...call.input });
    return { aliases: items.map(({ body }) => String(body.key_alias)), total_count: total, current_page: page, total_pages: pages };
  },

  'key.update'(call, desk) {
    const id = changeKey(call, desk, call.input);
    return { ...leftRow(call, id), key: id };
  },

  'key.bulk_update'(call, desk) {
    const ids = call.input.keys.map((each) => changeKey(call, desk, each));
    return { total_requested: ids.length, successful_updates: ids.map((id) => ({ key: id, key_info: leftRow(call, id) })), failed_updates: [] };
  },

  'key.delete'(call, desk) {
    const { keys, key_aliases: aliases } = call.input;
    const found = [...(keys ?? []).map((name) => requireKey(call, desk, name)), ...(aliases ?? []).map((alias) => requireAlias(call, alias))];
    if (found.length === 0) throw new GatewayError('invalid_request', 'keys or key_aliases is missing', { param: 'keys' });
    for (const key of found) call.remove(key);
    return { deleted_keys: found.map(({ id }) => id) };
  },

  'key.block': (call, desk) => setBlocked(call, desk, true),
  'key.unblock': (call, desk) => setBlocked(call, desk, false),

  'key.regenerate'(call, desk) {
    const { key: name, new_key: chosen, grace_period: grace, ...asked } = call.input;
    const before = requireKey(call, desk, name);
    if (desk.isDeclaredKey(before.id))
      throw new GatewayError('not_permitted', `The secret of '${before.id}' stands where the gateway is configured, and is changed there`, { param: 'key' });
    if (chosen) requireGoodKey(chosen, desk);
    const { key, stored } = desk.issue(chosen ?? undefined);
    const body = toKeyBody(call, desk, asked, before.body);
    requireOwnSecret(call, body, desk);
    call.amend(before, { ...body, ...stored, hashes: [...stored.hashes, ...lingering(call, before, grace)], rotated_at: call.at }, 'rotated');
    return { ...leftRow(call, before.id), key, token_id: before.id };
  },

  'key.reset_spend'(call, desk) {
    requireKey(call, desk, call.input.key);
    throw new GatewayError('unsupported_operation', SPENT, { param: 'reset_to' });
  },

  'key.health': () => ({ key: 'healthy' }),
};

const SPENT =
  'What a key has spent cannot be taken back: raise its max_budget, for a while by temp_budget_increase and temp_budget_expiry, or give it a budget_duration';

function makeKey(call: AdminCall<{ readonly key?: string | null }>, desk: Desk, { key: chosen, ...asked }: InputOf<Routes['key.generate']>): Made {
  if (chosen) requireGoodKey(chosen, desk);
  const { key, stored } = desk.issue(chosen ?? undefined);
  const id = newId();
  const body = toKeyBody(call, desk, { ...(desk.rules.defaults?.key as KeyInput), ...asked });
  call.create('key', id, { ...callsOnly(call, body, desk), ...stored });
  return { ...leftRow(call, id), key, token_id: id };
}

/** Makes a key for the caller, but for administrators: a key that is theirs would be one more to the whole gateway. */
function ownerOf({ actor }: AdminCall<unknown>): string | null {
  return actor.standings.has('proxy_admin') ? null : (actor.principal.userId ?? null);
}

/** A key that somebody else made in a person's name calls models, and does not manage in their place. */
export function callsOnly(call: AdminCall<unknown>, body: JsonObject, desk: Desk): JsonObject {
  const { standings, principal } = call.actor;
  if (standings.has('proxy_admin') || body.user_id === undefined || body.user_id === principal.userId) return body;
  if (isAboveOthers(call, body.user_id)) throw new GatewayError('not_permitted', 'A key of theirs takes proxy_admin', { param: 'user_id' });
  const calls = desk.routes.operationsOf('llm_api_routes');
  const routes = textsIn(body.allowed_routes);
  if (routes.length === 0) return { ...body, allowed_routes: ['llm_api_routes'] };
  const beyond = routes.find((entry) => !desk.routes.operationsOf(entry).every((operation) => calls.includes(operation)));
  if (beyond !== undefined)
    throw new GatewayError('exceeds_maker', `'${beyond}' is more than a key in the name of somebody else may do`, { param: 'allowed_routes' });
  return body;
}

/** Whose keys do more than others' even where they only call models. */
function isAboveOthers({ directory }: AdminCall<unknown>, userId: unknown): boolean {
  const role = directory.get('user', String(userId))?.body.user_role;
  return role === 'proxy_admin' || role === 'proxy_admin_viewer';
}

/** Whoever gets a key's secret is whom it stands for; for others, unless it calls models only. */
function requireOwnSecret(call: AdminCall<unknown>, body: JsonObject, desk: Desk): void {
  if (callsOnly(call, body, desk).allowed_routes !== body.allowed_routes)
    throw new GatewayError('not_permitted', 'Only its owner or an administrator may renew a key that can manage in the name of a person', { param: 'key' });
}

function changeKey(call: AdminCall<unknown>, desk: Desk, { key: name, ...asked }: KeyInput & { readonly key: string }): string {
  const key = requireKey(call, desk, name);
  const body = toKeyBody(call, desk, asked, key.body);
  // Whoever made the key may still have it: neither another name nor more routes may come to it afterwards.
  const isSame = body.user_id === key.body.user_id && isDeepStrictEqual(body.allowed_routes, key.body.allowed_routes);
  call.amend(key, isSame ? body : callsOnly(call, body, desk));
  return key.id;
}

function setBlocked(call: AdminCall<{ readonly key: string }>, desk: Desk, isBlocked: boolean): Row {
  const key = requireKey(call, desk, call.input.key);
  call.amend(key, changed(key.body, { blocked: isBlocked || null }), isBlocked ? 'blocked' : 'unblocked');
  return leftRow(call, key.id);
}

/** The secrets that still open the door for a while. */
function lingering({ now }: AdminCall<unknown>, { body }: DirectoryObject, grace: string | null | undefined): readonly StoredHash[] {
  const graceMs = typeof grace === 'string' ? readDuration(grace) : undefined;
  if (graceMs === undefined) return [];
  const until = now + graceMs;
  return hashesOf(body)
    .map(({ expires, ...hash }) => ({ ...hash, expires: new Date(Math.min(until, expires === undefined ? until : Date.parse(expires))).toISOString() }))
    .filter(({ expires }) => Date.parse(expires) > now);
}

/** A key by its id or by itself. What is no key, and what is not the actor's to see, is told alike; and not repeated. */
export function requireKey(call: AdminCall<unknown>, desk: Desk, name: string, param = 'key'): DirectoryObject {
  const found = call.find('key', desk.keyIdOf(name) ?? name);
  if (found) return found;
  throw new GatewayError('object_not_found', 'There is no such key', { param });
}

function requireAlias(call: AdminCall<unknown>, alias: string): DirectoryObject {
  const found = call.list('key').find(({ body }) => body.key_alias === alias);
  if (found) return found;
  throw new GatewayError('object_not_found', `There is no key with the alias '${alias}'`, { param: 'key_aliases' });
}

/** The key as this call leaves it. */
export function leftRow(call: AdminCall<unknown>, id: string): Row {
  return toRow(asLeft(call, 'key', id));
}

/** Everything but what opens the door. */
export function toRow({ id, body: { hashes: _, ...body } }: DirectoryObject): Row {
  return { ...(body as JsonObject as Omit<Row, 'token'>), token: id };
}

function requireGoodKey(key: string, desk: Desk): void {
  const weakness = key.startsWith('sk-') ? weaknessOf(key) : "does not begin with 'sk-'";
  if (weakness !== undefined) throw new GatewayError('invalid_request', `The key ${weakness}`, { param: 'key' });
  if (desk.keyIdOf(key) !== undefined) throw new GatewayError('object_exists', 'There is such a key already', { param: 'key' });
}
