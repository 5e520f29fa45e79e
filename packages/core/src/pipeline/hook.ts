import type { Reply } from '../types/call.ts';
import type { JsonObject, MaybePromise } from '../types/json.ts';
import type { Context } from './context.ts';

/** The order of the pipeline, outermost first. A hook names its phase; this list decides where it runs. */
export const PHASES = ['logger', 'auth', 'rate-limit', 'budget', 'guardrail', 'cache', 'router'] as const;

export type Phase = (typeof PHASES)[number];

/** Goes on inward: with the call, or with a branch of it that is to be answered beside others. */
export type Next = (branch?: Context) => Promise<Reply>;

/** A pipeline, or what is left of one: a call goes in, an answer comes out. */
export type Handler = (ctx: Context) => Promise<Reply>;

/**
 * One concern of the pipeline.
 *
 * Return `next()` to go on. Return a {@link Reply} of your own to answer early. Throw a
 * `GatewayError` to refuse. Put work for after the answer in `ctx.defer`. A hook that waits for
 * nothing need not be async: a call passes it without a promise of its own.
 */
export type Hook = {
  readonly name: string;
  readonly phase: Phase;
  handle(ctx: Context, next: Next): MaybePromise<Reply>;
  close?(): MaybePromise<void>;
};

/** In any order: each runs in its phase. A plugin may bring several; `false` and `undefined` are skipped. */
export type HookInput = Hook | readonly Hook[] | false | undefined;

/** What a package exports as `plugin`, so that a configuration file can name it. */
export type PluginPackage = {
  /**
   * Makes the hooks from options as they stand in the file.
   * @throws ConfigurationError with places relative to `options`.
   */
  create(options: JsonObject): HookInput;
};

/** Types a hook as it is written. */
export function defineHook(hook: Hook): Hook {
  return hook;
}
