import { GatewayError } from '../../errors/gateway-error.ts';
import type { JsonObject } from '../../types/json.ts';
import type { AdminCall } from '../admin-call.ts';
import type { Desk } from '../desk.ts';
import { textOf } from '../read-body.ts';
import { readDuration } from '../read-duration.ts';
import { together } from './together.ts';
import { sharedBudget } from './within-maker.ts';

/**
 * The body of a key within what any key may be given; what it was not told, it has of that. Of one that was there
 * before, only what changes is looked at.
 */
export function withinRules(call: AdminCall<unknown>, { rules: { mostOfKey = {} } }: Desk, body: JsonObject, before: JsonObject): JsonObject {
  const isNew = Object.keys(before).length === 0;
  const isTouched = (...fields: readonly string[]): boolean => isNew || fields.some((field) => body[field] !== before[field]);
  const { duration, ...amounts } = mostOfKey;
  const most = Object.entries(amounts).filter(([field]) => isTouched(field));
  const lifeMs = typeof duration === 'string' && isTouched('expires') ? readDuration(duration) : undefined;
  const until = lifeMs === undefined ? undefined : call.now + lifeMs;
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
    () => isTouched('max_budget', 'budget_duration', 'budget_id') && requireNoPeriod(call, amounts, body),
    () => isTouched('max_budget', 'temp_budget_increase', 'temp_budget_expiry') && requireNoRaise(call, amounts, body),
    () => isTouched('shadow', 'budget_id') && requireNoShadow(call, amounts, body),
  );
  return { ...Object.fromEntries(most), ...body, ...(until !== undefined && expires === undefined && { expires: new Date(until).toISOString() }) };
}

function requireAtMost(field: string, bound: unknown, asked: unknown): void {
  if (asked === undefined || asked === bound || (typeof asked === 'number' && typeof bound === 'number' && asked <= bound)) return;
  const words = typeof bound === 'number' ? `may be at most ${bound}` : `has to be ${JSON.stringify(bound)}`;
  throw new GatewayError('invalid_request', `${field} ${words} for keys of this gateway`, { param: field });
}

/** A budget that starts anew is a larger one than one that never does. */
function requireNoPeriod({ directory }: AdminCall<unknown>, { max_budget: most, budget_duration: length }: JsonObject, body: JsonObject): void {
  if (most === undefined || length !== undefined || (body.budget_duration ?? sharedBudget(body, directory)?.budget_duration) === undefined) return;
  const message = 'budget_duration has to be left out for keys of this gateway, by a budget_id as well: their budget never starts anew';
  throw new GatewayError('invalid_request', message, { param: 'budget_duration' });
}

function requireNoRaise({ now }: AdminCall<unknown>, { max_budget: most }: JsonObject, body: JsonObject): void {
  const { max_budget: max = most, temp_budget_increase: increase, temp_budget_expiry: expiry } = body;
  if (most === undefined || increase === undefined || Date.parse(String(expiry)) <= now || Number(max) + Number(increase) <= Number(most)) return;
  const message = `max_budget and temp_budget_increase may be at most ${String(most)} together for keys of this gateway`;
  throw new GatewayError('invalid_request', message, { param: 'temp_budget_increase' });
}

/** What refuses nothing bounds nothing. */
function requireNoShadow({ actor, directory }: AdminCall<unknown>, amounts: JsonObject, body: JsonObject): void {
  if (Object.keys(amounts).length === 0 || actor.standings.has('proxy_admin')) return;
  if ((body.shadow ?? sharedBudget(body, directory)?.shadow) !== true) return;
  const message = 'shadow, by a budget_id as well, is for administrators of the gateway only: no key may have more than the most here';
  throw new GatewayError('invalid_request', message, { param: 'shadow' });
}

/** Whether it is over for a key by then. */
export function hasExpired({ expires }: JsonObject, now: number): boolean {
  return typeof expires === 'string' && Date.parse(expires) <= now;
}

/** @throws GatewayError `not_permitted` where a person has as many keys already as a person may have. */
export function requireRoomForKey({ directory, now }: AdminCall<unknown>, { rules: { keysPerUser } }: Desk, { user_id: userId }: JsonObject): void {
  if (keysPerUser === undefined || userId === undefined) return;
  const count = directory.all('key').filter(({ body }) => body.user_id === userId && !hasExpired(body, now)).length;
  if (count < keysPerUser) return;
  const message = `'${String(userId)}' has ${count} keys, and nobody may have more than ${keysPerUser} here: delete one first`;
  throw new GatewayError('not_permitted', message, { param: 'user_id' });
}
