import type { GatewayError } from '../errors/gateway-error.ts';
import type { ModelSnapshot } from '../models/model-snapshot.ts';
import { type Aborter, LazyAbortController } from '../stream/lazy-abort-controller.ts';
import type { Operation, Outcome } from '../types/call.ts';
import type { Policy, Principal } from '../types/principal.ts';
import type { Upload } from '../types/upload.ts';
import type { Usage } from '../types/usage.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { MaybePromise } from '../types/json.ts';
import type { Deployment } from '../types/model.ts';

declare const valueType: unique symbol;

/** A typed name for something one hook leaves for another. */
export type ContextKey<T> = { readonly name: string; readonly [valueType]?: T };

export function contextKey<T>(name: string): ContextKey<T> {
  return { name };
}

export type Deferred = (outcome: Outcome) => MaybePromise<void>;

/** Where a call came from: by HTTP through an adapter, or from this process. */
export type CallSource = {
  /** Every key the caller presented, wherever it stood. */
  readonly credentials: readonly string[];
  /** Why what the caller presented is not taken. */
  readonly fault?: GatewayError | undefined;
  /** The framework's own request object, for `identify`. */
  readonly host?: unknown;
  readonly clientAddress?: string | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
};

export type ContextInit = {
  readonly id: string;
  readonly operation: Operation;
  readonly request: ModelRequest;
  readonly received?: Uint8Array | undefined;
  readonly upload?: Upload | undefined;
  readonly source: CallSource;
  readonly principal?: Principal | undefined;
  readonly policy?: Policy | undefined;
  readonly controller: Aborter;
  /** Default: now. */
  readonly startedAt?: number;
};

/** All that is known about one call. Small and fixed: hooks that need more bring a {@link ContextKey}. */
export class Context {
  readonly id: string;
  readonly operation: Operation;
  /** Milliseconds on the monotonic clock, to measure with. */
  readonly startedAt: number;
  /** The same door as {@link signal}, for the gateway's own code: whoever listens here needs no signal made. */
  readonly controller: LazyAbortController;
  readonly source: CallSource;
  readonly policy: Policy | undefined;
  /** Never mutated: a hook that changes the request assigns a new one. */
  request: ModelRequest;
  /** A multipart body, for the operations that take files. Like the request, replaced and never mutated. */
  upload: Upload | undefined;
  principal: Principal | undefined;
  /** Who answers to which name, as it was when the call first asked. */
  models: ModelSnapshot | undefined = undefined;
  /** The group that answers, once the router has chosen; a fallback changes it. */
  group: string | undefined = undefined;
  deployment: Deployment | undefined = undefined;
  usage: Usage | undefined = undefined;
  /** What the call has cost so far, in nano-dollars. Undefined while unknown, or where no price is known. */
  costNanoUsd: number | undefined = undefined;

  /** What happened on the way, for the call record and the response headers. */
  retries = 0;
  fallbacks = 0;
  cacheStatus: 'hit' | 'miss' | undefined = undefined;
  /** Time spent waiting for upstreams until their first byte, in milliseconds. */
  upstreamMs = 0;
  /** When the first part of the answer was there, on the same clock as `startedAt`. */
  firstByteAt: number | undefined = undefined;

  readonly #original: ModelRequest;
  readonly #received: Uint8Array | undefined;
  #values: Map<ContextKey<unknown>, unknown> | undefined;
  #headers: Record<string, string> | undefined;
  #deferred: Deferred[] = [];
  /** How it has ended, once all that was deferred has run. */
  #end: readonly [outcome: Outcome, onError: (error: unknown) => void] | undefined = undefined;

  constructor(init: ContextInit) {
    this.id = init.id;
    this.startedAt = init.startedAt ?? performance.now();
    this.operation = init.operation;
    this.request = init.request;
    this.source = init.source;
    this.principal = init.principal;
    this.policy = init.policy;
    this.upload = init.upload;
    this.controller = LazyAbortController.of(init.controller);
    this.#original = init.request;
    this.#received = init.received;
  }

  /** Aborts when the caller leaves, by whichever door. Pass it to everything that waits. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The caller's bytes, as long as no hook has put another request in their place. */
  get received(): Uint8Array | undefined {
    return this.request === this.#original ? this.#received : undefined;
  }

  get<T>(key: ContextKey<T>): T | undefined {
    return this.#values?.get(key) as T | undefined;
  }

  set<T>(key: ContextKey<T>, value: T): void {
    (this.#values ??= new Map()).set(key, value);
  }

  /** Response headers that hooks have asked for, such as `x-ratelimit-*`. Lower case. */
  get headers(): Readonly<Record<string, string>> | undefined {
    return this.#headers;
  }

  setHeader(name: string, value: string): void {
    (this.#headers ??= {})[name] = value;
  }

  /**
   * Runs `fn` once the answer is delivered or the call has failed; newest first, like Go's `defer`. At once where that
   * is over: what was reserved for an answer that nobody waits for any more is given back.
   */
  defer(fn: Deferred): void {
    this.#deferred.push(fn);
    if (this.#end) void this.settle(...this.#end);
  }

  /** Ends everything that waits on {@link signal}. */
  abort(reason?: unknown): void {
    this.controller.abort(reason);
  }

  /** The same call once more, with an end, a bill and deferred work of its own: for an answer beside others. */
  branch(controller: Aborter, request: ModelRequest = this.request): Context {
    const { id, operation, received, upload, source, principal, policy, startedAt } = this;
    const branch = new Context({
      id,
      operation,
      request,
      received: request === this.request ? received : undefined,
      upload,
      source,
      principal,
      policy,
      startedAt,
      controller,
    });
    branch.#values = this.#values && new Map(this.#values);
    branch.group = this.group;
    branch.models = this.models;
    return branch;
  }

  /** Runs the deferred work. The gateway calls it once; one that throws does not keep the others from running. */
  async settle(outcome: Outcome, onError: (error: unknown) => void): Promise<void> {
    for (let fn = this.#deferred.pop(); fn; fn = this.#deferred.pop()) {
      try {
        const work = fn(outcome);
        if (work !== undefined) await work;
      } catch (error) {
        onError(error);
      }
    }
    this.#end ??= [outcome, onError];
  }
}
