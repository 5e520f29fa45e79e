import type { Context } from './context.ts';

/** A symbol, because it is the same for every copy of this package and a WeakMap doubled the collector's work a call. */
const CALL = Symbol.for('sluice.call');

type Host = { [CALL]?: Context };

/** Notes on the host's request which call it has become. */
export function markCall(host: unknown, ctx: Context): void {
  if (typeof host === 'object' && host !== null) (host as Host)[CALL] = ctx;
}

/** The call that a host's request (Express's `req`, Koa's `ctx`) has become, once a gateway has taken it. */
export function callOf(host: object): Context | undefined {
  return (host as Host)[CALL];
}
