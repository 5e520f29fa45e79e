import { DirectoryConflictError } from '../directory/directory-conflict-error.ts';
import { Directory } from '../directory/directory.ts';
import { memoryDirectoryStore } from '../directory/memory-directory-store.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { contextKey } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { explain } from '../requests/explain.ts';
import { requireShape } from '../requests/validate.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { BytesReply, Reply } from '../types/call.ts';
import type { Principal } from '../types/principal.ts';
import type { JsonObject } from '../types/json.ts';
import { type Actor, actorOf } from './actor.ts';
import { AdminCall } from './admin-call.ts';
import type { AdminRoute } from './admin-route.ts';
import { withoutLacking } from './contract/field-shapes.ts';
import { ADMIN_ROUTES, type AdminRouteName, isReport } from './contract.ts';
import type { Desk } from './desk.ts';
import { directoryAway } from './directory-away.ts';
import { WORK } from './work.ts';
import { csvReply } from './work/csv.ts';

/** What a management call asks for. It stands beside the request, for no hook needs to see it. */
export type ManagementRequest = { readonly name: AdminRouteName; readonly input: JsonObject };

export const managementRequest = contextKey<ManagementRequest>('management request');

export type ManagementOptions = {
  readonly directory: Directory | undefined;
  readonly desk: Desk;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
};

const MOST_TRIES = 20;
const LONGEST_PAUSE_MS = 50;
/** Behind a change that the directory's store has not answered, all others would wait as long again each. */
const LONGEST_TURN_MS = 4_000;
const KEPT_WAITING = 'The changes before this one have taken too long';

/** Answers the management routes: who may, what is asked, what becomes of it, written down in one step with its trail. */
export function management({ directory, desk, now = Date.now }: ManagementOptions): Handler {
  let last: Promise<unknown> = Promise.resolve();
  let nobody: Directory | undefined;

  return async (ctx) => {
    const asked = ctx.get(managementRequest);
    if (!asked || !ctx.principal) throw new GatewayError('unsupported_operation', `'${ctx.operation}' is answered by HTTP only`);
    const { principal } = ctx;
    const people = directory ?? (isReport(asked.name) ? (nobody ??= emptyDirectory()) : undefined);
    if (!people) throw new GatewayError('directory_missing', NO_DIRECTORY);
    const answer = (): Promise<Reply> => perform(asked, principal, people);
    if (ADMIN_ROUTES[asked.name].method === 'GET') return answer();
    // Who may not do it, or asks for what cannot be, is not to keep others waiting.
    await admit(asked, principal, people);
    return inTurn(answer);
  };

  /** Changes of one gateway come one after the other, so that only those of several get in each other's way. */
  function inTurn(change: () => Promise<Reply>): Promise<Reply> {
    const askedAt = performance.now();
    const inTime = (): Promise<Reply> => (performance.now() - askedAt < LONGEST_TURN_MS ? change() : Promise.reject(directoryAway(new Error(KEPT_WAITING))));
    const turn = last.then(inTime, inTime);
    last = turn;
    return turn;
  }

  async function perform(asked: ManagementRequest, principal: Principal, directory: Directory): Promise<Reply> {
    const route: AdminRoute = ADMIN_ROUTES[asked.name];
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const actor = await admit(asked, principal, directory);
      const call = new AdminCall<never>({ input: withoutLacking(route.input, asked.input) as never, actor, route, directory, now: now() });
      const answer = await WORK[asked.name](call, desk);
      const reply = isBytes(answer) ? answer : toReply(route, answer as JsonObject, asked.input);
      if (await commit(call, directory)) return reply;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_PAUSE_MS));
    }
    throw new GatewayError('object_changed', 'Others are changing the same thing; try again', { retryable: true });
  }
}

/** What was spent is told without a directory too: of keys that are declared, by those. */
function emptyDirectory(): Directory {
  const directory = new Directory({ store: memoryDirectoryStore(), onError: () => undefined });
  void directory.close();
  return directory;
}

const NO_DIRECTORY =
  'This gateway keeps no keys, users or teams: give it a `directory`, such as `sqlDirectoryStore({ url })` of @sluice/store-sql or `memoryDirectoryStore()` of @sluice/core';

/** Who asks, once it is certain that they may and that what they ask for has the right form, as things are now. */
async function admit({ name, input }: ManagementRequest, principal: Principal, directory: Directory): Promise<Actor> {
  const route: AdminRoute = ADMIN_ROUTES[name];
  await refresh(directory, route);
  const actor = actorOf(principal, directory);
  requireStanding(actor, route);
  requireShape(route.input, input);
  return actor;
}

function requireStanding({ standings }: Actor, { who, method, path }: AdminRoute): void {
  if (who.some((standing) => standings.has(standing))) return;
  const own = [...standings].filter((standing) => standing !== 'key').join(', ');
  throw new GatewayError('not_permitted', `${method} ${path} is for ${who.join(', ')}; ${own === '' ? 'this key stands for nobody' : `you are ${own}`}`);
}

function isBytes(answer: object): answer is BytesReply {
  return 'kind' in answer && answer.kind === 'bytes';
}

/** Like the guard around hooks, outside production an answer that is not what its route says is told where it is made. */
function toReply({ output, path, table }: AdminRoute, answer: JsonObject, { format }: JsonObject): Reply {
  const misfit = process.env.NODE_ENV === 'production' ? undefined : output.misfit(answer);
  if (!misfit && table && format === 'csv') return csvReply(table.columns, (table.rows === '' ? answer : answer[table.rows]) as unknown as readonly object[]);
  if (!misfit) return { kind: 'complete', body: LazyJson.ofValue(answer) };
  throw new Error(`${path} answers what it does not promise: ${explain(misfit, answer).message}`);
}

/** What others have written counts. What is only to be shown is shown from memory while the store is away. */
async function refresh(directory: Directory, { method }: AdminRoute): Promise<void> {
  try {
    await directory.pullAnew();
  } catch (error) {
    if (method !== 'GET') throw directoryAway(error);
  }
}

/** Whether the changes were made; not where others were faster. */
async function commit(call: AdminCall<unknown>, directory: Directory): Promise<boolean> {
  if (call.changes.length === 0) return true;
  try {
    await directory.write(call.changes, call.entries);
    return true;
  } catch (error) {
    if (error instanceof DirectoryConflictError) return false;
    if (GatewayError.is(error)) throw error;
    throw directoryAway(error);
  }
}
