import { GatewayError } from '../../errors/gateway-error.ts';
import type { DirectoryObject } from '../../directory/directory.ts';
import { weaknessOf } from '../../keys/weak-key.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import type { OutputOf } from '../admin-route.ts';
import type { KEY_ROUTES } from '../contract/key-routes.ts';
import type { Desk, Work } from '../desk.ts';
import { newId } from '../new-id.ts';
import { toKeyBody } from './key-body.ts';

type Routes = typeof KEY_ROUTES;
type Shown = OutputOf<Routes['key.info']>['info'];

export const keyWork: Work<Routes> = {
  'key.generate'(call, desk) {
    const { key: chosen, ...asked } = call.input;
    if (chosen) requireGoodKey(chosen, desk);
    const { key, stored } = desk.issue(chosen ?? undefined);
    const id = newId();
    call.create('key', id, { ...toKeyBody(call, desk, asked), ...stored });
    return { ...shownKey(call, id), key, token_id: id };
  },

  'key.info'(call, desk) {
    const key = requireKey(call, desk, call.input.key ?? call.actor.principal.keyId);
    return { key: key.id, info: toShown(key) };
  },
};

/** A key by its id or by itself. What is no key, and what is not the actor's to see, is told alike; and not repeated. */
export function requireKey(call: AdminCall<unknown>, desk: Desk, name: string): DirectoryObject {
  const found = call.find('key', desk.keyIdOf(name) ?? name);
  if (found) return found;
  throw new GatewayError('object_not_found', 'There is no such key', { param: 'key' });
}

/** The key as this call leaves it. */
export function shownKey(call: AdminCall<unknown>, id: string): Shown {
  return toShown(call.current('key', id) as DirectoryObject);
}

/** Everything but what opens the door. */
export function toShown({ id, body: { hashes: _, ...body } }: DirectoryObject): Shown {
  return { ...(body as JsonObject as Omit<Shown, 'token'>), token: id };
}

function requireGoodKey(key: string, desk: Desk): void {
  const weakness = key.startsWith('sk-') ? weaknessOf(key) : "does not begin with 'sk-'";
  if (weakness !== undefined) throw new GatewayError('invalid_request', `The key ${weakness}`, { param: 'key' });
  if (desk.keyIdOf(key) !== undefined) throw new GatewayError('object_exists', 'There is such a key already', { param: 'key' });
}
