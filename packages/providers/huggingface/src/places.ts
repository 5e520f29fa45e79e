import type { Deployment, Secret } from '@sluice/core';
import { type Endpoint, type EndpointOf, endpoints, type Environment, firstSet, type Host, toSecret } from '@sluice/openai-wire';
import { toHubModel } from './model-name.ts';

export type PlaceOptions = {
  /** For deployments that bring none. Default: `HUGGINGFACE_API_KEY` or `HF_TOKEN` in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** An endpoint of one's own, for deployments that name none. Default: `HUGGINGFACE_API_BASE` or `HUGGINGFACE_BASE_URL`, then none: the router. */
  readonly baseUrl?: string | undefined;
  /** Where the router is. Default: `https://router.huggingface.co`. */
  readonly routerUrl?: string;
  /** The organization that pays. */
  readonly billTo?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env: Environment;
};

/** The router; an endpoint of one's own, by the form of its container; one whose address says that it speaks OpenAI's. */
export type PlaceKind = 'router' | 'endpoint' | 'openai';

export type Places = {
  readonly host: Host;
  readonly endpointOf: EndpointOf;
  kindOf(deployment: Deployment): PlaceKind;
};

export const KEY_VARIABLES = ['HUGGINGFACE_API_KEY', 'HF_TOKEN'] as const;
export const ADDRESS_VARIABLES = ['HUGGINGFACE_API_BASE', 'HUGGINGFACE_BASE_URL'] as const;
const ROUTER = 'https://router.huggingface.co';
const VERSION = /\/v1\/?$/;
const OPENAI_PATHS = { chat: '/v1/chat/completions', completions: '/v1/completions', embeddings: '/v1/embeddings', models: '/v1/models' } as const;

/** Where the calls of deployments go. Addresses of endpoints are taken with `/v1` and without. */
export function places(name: string, { apiKey, baseUrl, routerUrl = ROUTER, billTo, headers, env }: PlaceOptions): Places {
  const addressOf = (deployment: Deployment): string | undefined => deployment.baseUrl ?? baseUrl ?? firstSet(env, ADDRESS_VARIABLES);
  const host: Host = {
    name,
    baseUrl: baseUrl ?? routerUrl,
    toAddress: (address) => address.replace(VERSION, ''),
    // The router needs one.
    needsKey: false,
    apiKey: toSecret(apiKey),
    headers: { ...(billTo !== undefined && { 'x-hf-bill-to': billTo }), ...headers },
    operations: ['chat', 'completions', 'embeddings'],
    // What is not OpenAI's stands below the address itself.
    paths: { ...OPENAI_PATHS, 'images.generate': '' },
    quirks: ['loose-tool-calls', 'finish-words', 'usage-beside-choices'],
    fromEnvironment: { env, keys: KEY_VARIABLES, baseUrls: baseUrl === undefined ? ADDRESS_VARIABLES : [], parts: {} },
  };
  const plain = endpoints(host);
  const known = new WeakMap<Deployment, Endpoint>();

  function kindOf(deployment: Deployment): PlaceKind {
    const address = addressOf(deployment);
    if (address === undefined || address.replace(VERSION, '').replace(/\/+$/, '') === routerUrl.replace(/\/+$/, '')) return 'router';
    return VERSION.test(address) ? 'openai' : 'endpoint';
  }

  function endpointOf(deployment: Deployment): Endpoint {
    const found = known.get(deployment);
    if (found) return found;
    const endpoint = plain(deployment);
    const kind = kindOf(deployment);
    const placed = kind === 'openai' ? endpoint : { ...endpoint, url: kind === 'router' ? inRouter(endpoint, deployment) : inEndpoint(endpoint) };
    known.set(deployment, placed);
    return placed;
  }

  return { host, endpointOf, kindOf };
}

/** Chat is the router's; all else is Hugging Face's own inference, behind it. */
function inRouter({ url }: Endpoint, deployment: Deployment): Endpoint['url'] {
  const pipeline = (): string => `${url('images.generate')}/hf-inference/models/${toHubModel(deployment).split('/').map(encodeURIComponent).join('/')}`;
  return (operation) => {
    switch (operation) {
      case 'completions':
        return `${pipeline()}/v1/completions`;
      case 'embeddings':
        return `${pipeline()}/pipeline/feature-extraction`;
      case 'rerank':
        return `${pipeline()}/pipeline/sentence-similarity`;
      case 'images.generate':
        return pipeline();
      default:
        return url(operation);
    }
  };
}

/** A container has one model and one task, and takes it at the address itself. https://huggingface.co/docs/inference-endpoints */
function inEndpoint({ url }: Endpoint): Endpoint['url'] {
  return (operation) => {
    switch (operation) {
      case 'chat':
        return url('chat');
      case 'completions':
        return `${url('images.generate')}/generate`;
      case 'models':
        return `${url('images.generate')}/health`;
      default:
        return url('images.generate');
    }
  };
}
