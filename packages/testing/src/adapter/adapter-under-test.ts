import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Server } from 'node:http';
import { defineProvider, type Gateway, GatewayError, type GatewayOptions, type ProviderCall, type WireRequest } from '@sluice/core';
import type { NodeGateway } from '@sluice/core/node';
import type { Script } from './scripted-upstream.ts';

/** An app to be built around the gateway. */
export type AppSetup = {
  readonly options: GatewayOptions<never>;
  /** A JSON parser runs before the gateway, with this limit, and its errors pass the adapter's own error handler. */
  readonly parserLimitBytes?: number;
  /** The framework's usual compression runs before the gateway, for everything of 1 kB and more. */
  readonly compression?: boolean;
  /** Where the gateway is mounted. `/outer/ai` is `/ai` in a router of its own, mounted at `/outer`. */
  readonly mount: '/' | '/ai' | '/outer/ai';
  readonly strict?: boolean;
  readonly errors?: 'respond' | 'next';
  /** The app trusts one proxy in front of it. */
  readonly trustProxy?: boolean;
  /** The app runs each request in this storage, with the request's `x-trace` header. */
  readonly trace?: AsyncLocalStorage<string>;
};

/** A running app, on 127.0.0.1 and a free port. */
export type StartedApp = {
  readonly origin: string;
  readonly server: Server;
  readonly gateway: Gateway & Pick<NodeGateway, 'attach'>;
  /** Errors that reached the app's own error handling, which answers with their status, or 500, and the text `app error`. */
  readonly errors: readonly unknown[];
  /** Paths that reached the app's last handler, which answers 404 and the text `app`. */
  readonly passed: readonly string[];
  /** Closes the gateway and the server, with every connection. */
  close(): Promise<void>;
};

/** A way to mount the gateway, for the contract to judge. */
export type AdapterUnderTest = {
  readonly name: string;
  start(setup: AppSetup): Promise<StartedApp>;
  /** Whether `errors: 'next'` has somewhere to go. Default true. */
  readonly handsErrorsOn?: boolean;
  /** Whether the parser keeps the bytes it has read, which then have to be the ones sent upstream. Default false. */
  readonly parserKeepsBytes?: boolean;
  /** Whether the framework has a rule on trusted proxies. Default true. */
  readonly knowsProxies?: boolean;
};

/** A gateway whose models are the scripts of the upstream: who asks for the model `sse` gets what `sse` plays. Open to all, but for a master key. */
export function scriptedOptions(origin: string, masterKey?: string): GatewayOptions<never> {
  const scripts: readonly Script[] = ['json', 'sse', 'binary', 'refuse', 'sse-broken', 'binary-broken', 'silent', 'flood'];
  const send = ({ request, deployment, received }: ProviderCall): WireRequest => ({
    url: `${deployment.baseUrl}/${deployment.model}`,
    headers: { 'content-type': 'application/json' },
    body: received ?? JSON.stringify(request),
  });
  const toError = (): GatewayError => new GatewayError('upstream_bad_request', 'The upstream refuses');
  const provider = defineProvider({
    name: 'scripted',
    operations: {
      chat: { toRequest: send, toError },
      'audio.speech': { toRequest: send, answersBytes: true, toError },
      'audio.transcribe': {
        toRequest: ({ deployment, upload }) => ({
          url: `${deployment.baseUrl}/${deployment.model}`,
          headers: { 'content-type': upload?.contentType ?? '' },
          ...(upload && { body: upload.body({}) }),
        }),
        toError,
      },
    },
  });
  return {
    providers: [provider],
    models: scripts.map((script) => ({ name: script, deployments: [{ id: script, provider: 'scripted', model: script, baseUrl: origin }] })),
    ...(masterKey === undefined ? { auth: false } : { masterKey }),
    router: { retries: 0 },
  };
}
