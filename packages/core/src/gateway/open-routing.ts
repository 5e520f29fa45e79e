import { RESERVED_KEY_IDS } from '../keys/key-ring.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { continuedBy } from '../provider/provider-of.ts';
import type { Supports } from '../routing/group-plan.ts';
import type { RouterTools } from '../routing/routed-call.ts';
import { Routing } from '../routing/routing.ts';
import type { Client } from './client.ts';
import type { GatewayOptions } from './options.ts';

/** Whom the gateway's own calls are made for: the texts that a strategy embeds. */
const ROUTER = { keyId: RESERVED_KEY_IDS.router } as const;

export type RoutingParts = {
  readonly models: ModelRegistry;
  readonly supports: Supports;
  /** Asked for only when a call comes that needs it. */
  readonly client: () => Client;
};

/** Routing as a gateway's options have it. */
export function openRouting({ router, providers = [], store, onError }: GatewayOptions, { models, supports, client }: RoutingParts): Routing {
  return new Routing({
    ...router,
    models,
    // The gateway counts by itself where a provider does not.
    supports: (deployment, operation) => operation === 'tokens.count' || supports(deployment, operation),
    continues: continuedBy(providers),
    embed: embedder(client),
    sharedStore: store,
    onError,
  });
}

function embedder(client: () => Client): RouterTools['embed'] {
  return async (model, input) => {
    const { data } = await client().embeddings.create({ model, input }, { principal: ROUTER });
    return (data as readonly { readonly embedding: readonly number[] }[]).map(({ embedding }) => embedding);
  };
}
