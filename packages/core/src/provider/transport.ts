import { Agent, type Dispatcher } from 'undici';
import { connector } from './connector.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import { SilenceWatch, toTicks, type Watched } from '../stream/silence-watch.ts';
import { turns } from '../stream/turns.ts';
import { LAST_TURNS, UpstreamBody } from './upstream-body.ts';
import type { SendOptions, WireRequest, WireResponse } from './provider.ts';

/** As {@link SendOptions}, without the need for a signal. */
export type TransportCall = Omit<SendOptions, 'signal'> & { readonly controller: LazyAbortController };

/** The one door to the network. Never follows redirects; hosts come from configuration only. */
export type Transport = {
  send(wire: WireRequest, call: TransportCall): Promise<WireResponse>;
  close(): Promise<void>;
};

export type TransportOptions = {
  /** Longest wait for a connection, in milliseconds. */
  readonly connectTimeoutMs?: number;
  /** Connections to one origin; further calls wait. Default: as many as needed. */
  readonly connectionsPerOrigin?: number;
};

export function transport({ connectTimeoutMs = 10_000, connectionsPerOrigin }: TransportOptions = {}): Transport {
  const agent = new Agent({
    connect: connector(connectTimeoutMs),
    connections: connectionsPerOrigin ?? null,
    keepAliveTimeout: 30_000,
    pipelining: 1,
  });
  const watch = new SilenceWatch();

  return {
    send: (wire, call) =>
      new Promise((resolve, reject) => {
        if (call.controller.isAborted) {
          reject(abortedError());
          return;
        }
        agent.dispatch(toDispatch(wire), new ResponseHandler(call, watch, resolve, reject));
      }),
    close: () => agent.destroy(),
  };
}

function toDispatch({ url, method = 'POST', headers, body }: WireRequest): Dispatcher.DispatchOptions {
  const pathAt = url.indexOf('/', url.indexOf('//') + 2);
  return {
    origin: pathAt < 0 ? url : url.slice(0, pathAt),
    path: pathAt < 0 ? '/' : url.slice(pathAt),
    method,
    headers: headers as Record<string, string>,
    body: (body ?? null) as Exclude<Dispatcher.DispatchOptions['body'], undefined>,
    // The handler is watched here: undici's clocks are up to a second late.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

class ResponseHandler implements Dispatcher.DispatchHandler, Watched {
  silentTicks = 0;
  mostSilentTicks: number;
  readonly #call: TransportCall;
  readonly #watch: SilenceWatch;
  #slot: number | undefined;
  readonly #resolve: (response: WireResponse) => void;
  readonly #reject: (error: GatewayError) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #body: UpstreamBody | undefined;
  #ended: GatewayError | undefined;

  constructor(call: TransportCall, watch: SilenceWatch, resolve: (response: WireResponse) => void, reject: (error: GatewayError) => void) {
    this.#call = call;
    this.#watch = watch;
    this.#resolve = resolve;
    this.#reject = reject;
    this.mostSilentTicks = toTicks(call.timeoutMs);
    this.#slot = watch.add(this);
    call.controller.onAbort(this.#abort);
  }

  readonly #abort = (): void => {
    if (this.#body) void turns(LAST_TURNS).then(() => this.#slot !== undefined && this.#end(abortedError()));
    else this.#end(abortedError());
  };

  onSilence(): void {
    this.silentTicks = 0;
    // A reader that is slow is not a provider that is silent.
    if (this.#body?.isFull) return;
    const what = this.#body ? 'The provider went silent inside its answer' : 'The provider did not answer in time';
    this.#end(new GatewayError('upstream_timeout', what, { retryable: true }));
  }

  /** A call that still waits for a connection has no controller yet; it is ended as soon as it has one. */
  #end(error: GatewayError): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#letGo();
    this.#controller?.abort(error);
    this.#reject(error);
  }

  #letGo(): void {
    if (this.#slot === undefined) return;
    this.#watch.remove(this.#slot);
    this.#slot = undefined;
    this.#call.controller.offAbort(this.#abort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#ended) controller.abort(this.#ended);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Record<string, string | string[] | undefined>): void {
    if (status < 200) return;
    this.silentTicks = 0;
    this.mostSilentTicks = toTicks(this.#call.idleTimeoutMs);
    this.#body = new UpstreamBody(controller);
    this.#resolve({ status, headers, body: this.#body });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.silentTicks = 0;
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#letGo();
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#letGo();
    const failure = toGatewayError(error, this.#body !== undefined);
    if (this.#body) this.#body.fail(failure);
    else this.#reject(failure);
  }
}

function abortedError(): GatewayError {
  return new GatewayError('aborted', 'The caller has left');
}

function toGatewayError(error: Error & { code?: string }, answerHadBegun: boolean): GatewayError {
  if (GatewayError.is(error)) return error;
  switch (error.code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return new GatewayError('upstream_unreachable', 'No connection to the provider could be made in time', { cause: error, retryable: true });
    default:
      return answerHadBegun
        ? new GatewayError('upstream_stream_broken', 'The connection to the provider broke inside its answer', { cause: error, retryable: true })
        : new GatewayError('upstream_unreachable', 'The connection to the provider failed', { cause: error, retryable: true });
  }
}
