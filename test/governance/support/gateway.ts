import {
  createGateway,
  defineProvider,
  type Gateway,
  GatewayError,
  type GatewayOptions,
  type Mapping,
  memoryStore,
  type ModelGroup,
  type Price,
  type Store,
} from '@sluice/core';
import type { Upstream } from './upstream.ts';

/** One nano-dollar an input token, and a tenth of a cent an output token: ten output tokens make a cent. */
export const PRICE: Price = { input: 1_000_000, output: 1_000_000_000_000 };
export const CENT = 10_000_000;

const chat: Mapping = {
  toRequest: ({ request, deployment }) => ({
    url: `${deployment.baseUrl}/chat/completions`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...request, model: deployment.model }),
  }),
  toError: ({ status }) =>
    new GatewayError(status === 429 ? 'upstream_rate_limited' : 'upstream_error', `scripted ${status}`, { retryable: status === 429 || status >= 500 }),
};

export const provider = defineProvider({ name: 'scripted', operations: { chat } });

export function group(name: string, upstream: Upstream, fields: Partial<ModelGroup> & { readonly price?: Price } = {}): ModelGroup {
  const { price = PRICE, ...rest } = fields;
  return { name, deployments: [{ id: `${name}-1`, provider: provider.name, model: 'm', baseUrl: upstream.baseUrl, price }], ...rest };
}

/** A gateway over `upstream`, and the store it counts in. */
export function governed(upstream: Upstream, options: Partial<GatewayOptions> = {}): { readonly gateway: Gateway; readonly store: Store } {
  const store = options.store ?? memoryStore();
  const gateway = createGateway({ providers: [provider], models: [group('gpt', upstream)], router: { backoffMs: 1 }, ...options, store });
  return { gateway, store };
}

/** Ten output tokens at most: a cent, and the input. */
export const request = { model: 'gpt', messages: [{ role: 'user' as const, content: 'hi' }], max_tokens: 10 };
