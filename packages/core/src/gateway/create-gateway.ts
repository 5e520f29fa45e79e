import { randomUUID } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error.ts';
import { carefully, warn } from '../errors/warn.ts';
import { httpHandler } from '../http/http-handler.ts';
import { ASSUMED_PAID_TOKENS, planner } from '../hooks/admission/plan.ts';
import type { HttpHandler, HttpRequest } from '../http/http-types.ts';
import { openAnswers } from '../http/open-answers.ts';
import type { IncomingCall } from '../http/read-call.ts';
import { Directory } from '../directory/directory.ts';
import { directoryRing } from '../directory/directory-ring.ts';
import { hashBy, keyRing, ringOf } from '../keys/key-ring.ts';
import { modelRegistry, type ModelRegistry } from '../models/model-registry.ts';
import { markCall } from '../pipeline/call-of.ts';
import { compose } from '../pipeline/compose.ts';
import { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { isLocal } from '../pipeline/operations.ts';
import { strict } from '../pipeline/strict.ts';
import { callProvider } from '../provider/call-provider.ts';
import { countTokens } from '../provider/count-tokens.ts';
import { mediaFetcher } from '../provider/media/media-fetcher.ts';
import { supportedBy } from '../provider/provider-of.ts';
import { transport } from '../provider/transport.ts';
import { memoryStore } from '../store/memory-store.ts';
import { onEnd } from '../stream/on-end.ts';
import { unrecorded } from '../pipeline/unrecorded.ts';
import type { Outcome, Reply } from '../types/call.ts';
import type { MaybePromise } from '../types/json.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { Decision } from '../types/decision.ts';
import { ActiveCalls } from './active-calls.ts';
import { builtInHooks } from './built-in-hooks.ts';
import { checkRequest, refusal } from './check-request.ts';
import { type Client, createClient } from './client.ts';
import { asksWhy, explainer, explainFor, type ExplainOptions } from './explain-call.ts';
import { healthCheck } from './health.ts';
import { localAnswers } from './local-answers.ts';
import { openRouting } from './open-routing.ts';
import type { GatewayOptions } from './options.ts';
import { presentUsage } from './present-usage.ts';
import { VERSION } from './version.ts';
import { validateOptions } from './validate/validate-options.ts';
import { withPrices } from './with-prices.ts';
import { withRules } from './with-rules.ts';

const MIB = 1024 * 1024;

export type Gateway = Client & {
  readonly models: ModelRegistry;
  /** How a call would be routed now, and why: `provider`, `model`, `reason`, and every candidate. Nobody is called. */
  explain(request: ModelRequest, options?: ExplainOptions): Promise<Decision>;
  /** The gateway as HTTP without a transport: what adapters serve. */
  readonly handle: HttpHandler;
  /** Resolves when no call is under way and no deferred work is left. */
  idle(): Promise<void>;
  /** Takes no more calls, gives those under way `drainMs` to end, cuts the rest with an error event, and closes what it opened. */
  close(options?: { readonly drainMs?: number }): Promise<void>;
};

/**
 * Assembles a gateway.
 * @throws ConfigurationError naming every mistake.
 */
export function createGateway(options: GatewayOptions): Gateway {
  validateOptions(options);
  const onError = carefully(options.onError ?? warn);
  const [priced, ruled] = [withPrices(options), withRules(options)];
  const models = modelRegistry(options.models ?? [], options.aliases, (deployment) => ruled(priced(deployment)));
  const network = transport(options.upstream);
  const media = options.media === false ? undefined : mediaFetcher(options.media ?? {});
  const store = options.store ?? memoryStore();
  const directory = options.directory && new Directory({ store: options.directory, onError });
  const declared = keyRing(options.keys ?? [], options.masterKey);
  const ring = directory ? ringOf(declared, directoryRing(directory, hashBy(options.saltKey ?? options.masterKey), options.budget?.calendar ?? {})) : declared;
  const supports = supportedBy(options.providers ?? []);
  const routing = openRouting({ ...options, onError }, { models, supports, client: () => client });
  const hooks = builtInHooks({ ...options, onError }, { models, ring, store, routing });
  const watched = process.env.NODE_ENV === 'production' ? hooks : hooks.map(strict);
  const outer = watched.filter(({ phase }) => phase === 'logger' || phase === 'auth');
  const runLocal = compose(
    [...outer, checkRequest],
    localAnswers({ models, checkHealth: healthCheck({ models, providers: options.providers ?? [], transport: network }) }),
  );
  const runExplain = compose([...outer, checkRequest], explainer(routing));
  const runModel = compose(
    [...watched, checkRequest],
    countTokens(
      callProvider({
        providers: options.providers ?? [],
        transport: network,
        timeoutMs: options.timeoutMs ?? 600_000,
        idleTimeoutMs: options.idleTimeoutMs ?? 300_000,
        maxAnswerBytes: options.maxAnswerBytes ?? 64 * MIB,
        media,
      }),
      (deployment) => supports(deployment, 'tokens.count'),
    ),
  );

  const planOf = planner({ reach: routing.reach, unpriced: 'refuse', assumedOutputTokens: options.budget?.assumedOutputTokens ?? ASSUMED_PAID_TOKENS });
  const calls = new ActiveCalls();
  let isClosing = false;

  async function run(ctx: Context): Promise<Reply> {
    if (isClosing) ctx.set(refusal, new GatewayError('shutting_down', 'The gateway is closing'));
    const slot = calls.enter(ctx);
    try {
      return deliver(ctx, slot, await handlerFor(ctx)(ctx));
    } catch (error) {
      const reported = reasonOf(ctx, error);
      const outcome: Outcome = ctx.controller.isAborted && reported.code === 'aborted' ? { status: 'aborted' } : { status: 'error', error: reported };
      // A hook may have failed with an answer in its hands, which nobody will read now.
      ctx.abort(reported);
      void settle(ctx, slot, outcome);
      throw reported;
    }
  }

  function handlerFor(ctx: Context): Handler {
    if (isLocal(ctx.operation)) return runLocal;
    return asksWhy(ctx) ? runExplain : runModel;
  }

  /** Hands the answer out, and settles the call when the last of it has left. */
  function deliver(ctx: Context, slot: number, reply: Reply): MaybePromise<Reply> {
    switch (reply.kind) {
      case 'complete': {
        const recorded = settleBefore(ctx, slot, { status: 'ok' });
        return recorded ? recorded.then(() => reply) : reply;
      }
      case 'stream':
        return { kind: 'stream', batches: presentUsage(followed(ctx, slot, reply.batches), ctx) };
      case 'bytes':
        return { ...reply, chunks: followed(ctx, slot, reply.chunks) };
    }
  }

  function followed<T>(ctx: Context, slot: number, source: AsyncIterable<T>): AsyncIterable<T> {
    return onEnd(source, ctx.controller, { done: (outcome) => endStream(ctx, slot, outcome), toReason: (error) => reasonOf(ctx, error) });
  }

  function endStream(ctx: Context, slot: number, outcome: Outcome): MaybePromise<void> {
    const isCut = outcome.status !== 'ok' && GatewayError.is(ctx.controller.reason);
    if (outcome.status !== 'ok') ctx.abort();
    return settleBefore(ctx, slot, isCut ? { status: 'error', error: ctx.controller.reason } : outcome);
  }

  /** Settles a call, and has its last byte wait for that where a ledger has to know of it first. */
  function settleBefore(ctx: Context, slot: number, outcome: Outcome): Promise<void> | undefined {
    const settled = settle(ctx, slot, outcome);
    if (!options.ledger) return undefined;
    return settled.then(() => {
      const cause = ctx.get(unrecorded);
      if (cause === undefined || outcome.status !== 'ok' || options.onStoreError === 'open') return;
      throw new GatewayError('store_unavailable', 'The ledger cannot take the call at the moment, so its answer is withheld', { cause });
    });
  }

  function settle(ctx: Context, slot: number, outcome: Outcome): Promise<void> {
    calls.vacate(slot);
    return ctx.settle(outcome, onError).then(leave);
  }

  function leave(): void {
    calls.leave();
  }

  function open(call: IncomingCall, from: HttpRequest, credentials: readonly string[]): Context {
    const ctx = new Context({
      id: randomUUID(),
      operation: call.operation,
      request: call.request,
      received: call.received,
      upload: call.upload,
      source: { credentials, host: from.host, clientAddress: from.clientAddress, headers: from.headers },
      principal: from.principal,
      policy: from.policy,
      controller: from.controller,
    });
    if (call.fault) ctx.set(refusal, call.fault);
    markCall(from.host, ctx);
    return ctx;
  }

  async function close({ drainMs = 0 }: { readonly drainMs?: number } = {}): Promise<void> {
    isClosing = true;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([calls.idle(), new Promise((resolve) => (timer = setTimeout(resolve, drainMs)))]);
    clearTimeout(timer);
    calls.abort(new GatewayError('shutting_down', 'The gateway is closing; the answer is incomplete'));
    await calls.idle();
    for (const hook of hooks) await hook.close?.();
    await store.close?.();
    await directory?.close();
    await network.close();
    await media?.close();
  }

  /** Whom auth is certain to refuse, whatever else the request says. */
  function isStranger({ principal }: HttpRequest, credentials: readonly string[]): boolean {
    if (principal !== undefined || options.identify || options.auth === false) return false;
    const [credential] = credentials;
    return credential === undefined || credentials.length > 1 || (ring.find(credential) === undefined && !ring.refresh);
  }

  const handleCall = httpHandler({
    open,
    run,
    isStranger,
    bodyLimitBytes: options.bodyLimitBytes ?? 32 * MIB,
    hasLitellmNames: options.litellmHeaders !== false,
    headAfterMs: options.streamHeadAfterMs === false ? undefined : (options.streamHeadAfterMs ?? 10_000),
  });
  const answerOpenly = openAnswers({ version: VERSION, isReady: () => !isClosing });
  const handle: HttpHandler = (request) => handleCall(request) ?? answerOpenly(request);
  const client = createClient({ run, handle, mostOf: (ctx) => planOf(ctx).most, guardrails: options.guardrails ?? [] });
  return { ...client, models, explain: explainFor(routing), handle, idle: () => calls.idle(), close };
}

/** A call that the gateway itself ended reports the gateway's reason and not the broken connection it caused. */
function reasonOf(ctx: Context, error: unknown): GatewayError {
  return GatewayError.is(ctx.controller.reason) ? ctx.controller.reason : GatewayError.from(error);
}
