import { randomUUID } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error.ts';
import { httpHandler } from '../http/http-handler.ts';
import type { HttpHandler, HttpRequest } from '../http/http-types.ts';
import type { IncomingCall } from '../http/read-call.ts';
import { modelRegistry, type ModelRegistry } from '../models/model-registry.ts';
import { compose } from '../pipeline/compose.ts';
import { Context } from '../pipeline/context.ts';
import { isLocal } from '../pipeline/operations.ts';
import { strict } from '../pipeline/strict.ts';
import { callProvider } from '../provider/call-provider.ts';
import { transport } from '../provider/transport.ts';
import { memoryStore } from '../store/memory-store.ts';
import { onEnd } from '../stream/on-end.ts';
import type { Outcome, Reply } from '../types/call.ts';
import { builtInHooks } from './built-in-hooks.ts';
import { checkRequest, refusal } from './check-request.ts';
import { type Client, createClient } from './client.ts';
import { localAnswers } from './local-answers.ts';
import type { GatewayOptions } from './options.ts';
import { presentUsage } from './present-usage.ts';

const MIB = 1024 * 1024;

export type Gateway = Client & {
  readonly models: ModelRegistry;
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
  const { onError = warn } = options;
  const models = modelRegistry(options.models ?? [], options.aliases);
  const network = transport(options.upstream);
  const store = options.store ?? memoryStore();
  const hooks = builtInHooks(options, models, store);
  const watched = process.env.NODE_ENV === 'production' ? hooks : hooks.map(strict);
  const outer = watched.filter(({ phase }) => phase === 'logger' || phase === 'auth');
  const runLocal = compose([...outer, checkRequest], localAnswers(models));
  const runModel = compose(
    [...watched, checkRequest],
    callProvider({
      providers: options.providers ?? [],
      transport: network,
      timeoutMs: options.timeoutMs ?? 600_000,
      idleTimeoutMs: options.idleTimeoutMs ?? 300_000,
      maxAnswerBytes: options.maxAnswerBytes ?? 64 * MIB,
    }),
  );

  const active = new Set<Context>();
  const pending = new Set<Promise<void>>();
  let isClosing = false;

  async function run(ctx: Context): Promise<Reply> {
    if (isClosing) ctx.set(refusal, new GatewayError('shutting_down', 'The gateway is closing'));
    active.add(ctx);
    try {
      return deliver(ctx, await (isLocal(ctx.operation) ? runLocal(ctx) : runModel(ctx)));
    } catch (error) {
      const reported = reasonOf(ctx, error);
      settle(ctx, ctx.signal.aborted && reported.code === 'aborted' ? { status: 'aborted' } : { status: 'error', error: reported });
      throw reported;
    }
  }

  /** Hands the answer out, and settles the call when the last of it has left. */
  function deliver(ctx: Context, reply: Reply): Reply {
    switch (reply.kind) {
      case 'complete':
        settle(ctx, { status: 'ok' });
        return reply;
      case 'stream':
        return { kind: 'stream', batches: presentUsage(onEnd(rethrowReason(ctx, reply.batches), ctx.signal, (outcome) => endStream(ctx, outcome)), ctx) };
      case 'bytes':
        return { ...reply, chunks: onEnd(rethrowReason(ctx, reply.chunks), ctx.signal, (outcome) => endStream(ctx, outcome)) };
    }
  }

  function endStream(ctx: Context, outcome: Outcome): void {
    const isCut = outcome.status !== 'ok' && ctx.signal.aborted && GatewayError.is(ctx.signal.reason);
    if (outcome.status !== 'ok') ctx.abort();
    settle(ctx, isCut ? { status: 'error', error: ctx.signal.reason } : outcome);
  }

  function settle(ctx: Context, outcome: Outcome): void {
    active.delete(ctx);
    const work = ctx.settle(outcome, onError).finally(() => pending.delete(work));
    pending.add(work);
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
    return ctx;
  }

  async function idle(): Promise<void> {
    while (active.size > 0 || pending.size > 0) {
      await Promise.all(pending);
      if (active.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async function close({ drainMs = 0 }: { readonly drainMs?: number } = {}): Promise<void> {
    isClosing = true;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([idle(), new Promise((resolve) => (timer = setTimeout(resolve, drainMs)))]);
    clearTimeout(timer);
    for (const ctx of active) ctx.abort(new GatewayError('shutting_down', 'The gateway is closing; the answer is incomplete'));
    await idle();
    for (const hook of hooks) await hook.close?.();
    await store.close?.();
    await network.close();
  }

  const handle = httpHandler({ open, run, bodyLimitBytes: options.bodyLimitBytes ?? 32 * MIB });
  return { ...createClient({ run, handle }), models, handle, idle, close };
}

/** A call that the gateway itself ended reports the gateway's reason and not the broken connection it caused. */
function reasonOf(ctx: Context, error: unknown): GatewayError {
  return ctx.signal.aborted && GatewayError.is(ctx.signal.reason) ? ctx.signal.reason : GatewayError.from(error);
}

function rethrowReason<T>(ctx: Context, source: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = source[Symbol.asyncIterator]();
  const wrapped: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => wrapped,
    next: () => iterator.next().catch((error: unknown) => Promise.reject(reasonOf(ctx, error))),
    return: () => iterator.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
  return wrapped;
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
