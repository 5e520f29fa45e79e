import { GatewayError } from '../../errors/gateway-error.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import type { Desk } from '../desk.ts';
import { textOf } from '../read-body.ts';
import { readDuration } from '../read-duration.ts';
import { together } from './together.ts';

/**
 * The body of a key within what any key may be given; what it was not told, it has of that. Of one that was there
 * before, only what changes is looked at.
 */
export function withinRules({ now }: AdminCall<unknown>, { rules: { mostOfKey = {} } }: Desk, body: JsonObject, before: JsonObject): JsonObject {
  const isNew = Object.keys(before).length === 0;
  const isTouched = (field: string): boolean => isNew || body[field] !== before[field];
  const { duration, ...amounts } = mostOfKey;
  const most = Object.entries(amounts).filter(([field]) => isTouched(field));
  const lifeMs = typeof duration === 'string' && isTouched('expires') ? readDuration(duration) : undefined;
  const until = lifeMs === undefined ? undefined : now + lifeMs;
  const expires = textOf(body.expires);
  together(
    ...most.map(
      ([field, bound]) =>
        () =>
          requireAtMost(field, bound, body[field]),
    ),
    () => {
      if (until !== undefined && expires !== undefined && Date.parse(expires) > until)
        throw new GatewayError('invalid_request', `duration may be at most '${String(duration)}' for keys of this gateway`, { param: 'duration' });
    },
  );
  return { ...Object.fromEntries(most), ...body, ...(until !== undefined && expires === undefined && { expires: new Date(until).toISOString() }) };
}

function requireAtMost(field: string, bound: unknown, asked: unknown): void {
  if (asked === undefined || asked === bound || (typeof asked === 'number' && typeof bound === 'number' && asked <= bound)) return;
  const words = typeof bound === 'number' ? `may be at most ${bound}` : `has to be ${JSON.stringify(bound)}`;
  throw new GatewayError('invalid_request', `${field} ${words} for keys of this gateway`, { param: field });
}

/** @throws GatewayError `not_permitted` where a person has as many keys already as a person may have. */
export function requireRoomForKey({ directory, now }: AdminCall<unknown>, { rules: { keysPerUser } }: Desk, { user_id: userId }: JsonObject): void {
  if (keysPerUser === undefined || userId === undefined) return;
  const isAlive = ({ expires }: JsonObject): boolean => typeof expires !== 'string' || Date.parse(expires) > now;
  const count = directory.all('key').filter(({ body }) => body.user_id === userId && isAlive(body)).length;
  if (count < keysPerUser) return;
  const message = `'${String(userId)}' has ${count} keys, and nobody may have more than ${keysPerUser} here: delete one first`;
  throw new GatewayError('not_permitted', message, { param: 'user_id' });
}
