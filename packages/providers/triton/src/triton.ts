import { defineProvider, type Mapping, type Provider, type Secret } from '@sluice/core';
import { endpoints, type Environment, type Host, problemsOf, toError, toSecret } from '@sluice/openai-wire';
import type { Ask } from './ask.ts';
import { embeddings } from './embeddings.ts';
import { generation } from './generation.ts';

export type TritonOptions = {
  /** What deployments call it. Default `triton`. */
  readonly name?: string;
  /** For a proxy before the server: it asks for none itself. Default: `TRITON_API_KEY` in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** Default: `TRITON_API_BASE` or `TRITON_BASE_URL` in the environment, then `http://127.0.0.1:8000`. */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

export const KEY_VARIABLES = ['TRITON_API_KEY'] as const;
export const ADDRESS_VARIABLES = ['TRITON_API_BASE', 'TRITON_BASE_URL'] as const;

/**
 * NVIDIA's Triton Inference Server. https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/protocol/README.html
 *
 * @example triton({ baseUrl: 'http://127.0.0.1:8000' })
 */
export function triton({ name = 'triton', apiKey, baseUrl, headers, env = process.env }: TritonOptions = {}): Provider {
  const host: Host = {
    name,
    baseUrl: baseUrl ?? 'http://127.0.0.1:8000',
    // Files of LiteLLM's have the address of a model here.
    toAddress: (address) => address.replace(/\/v2(?:\/.*)?$/, ''),
    needsKey: false,
    apiKey: toSecret(apiKey),
    headers,
    operations: [],
    paths: { completions: '/v2/models', models: '/v2/health/ready' },
    quirks: [],
    fromEnvironment: { env, keys: KEY_VARIABLES, baseUrls: baseUrl === undefined ? ADDRESS_VARIABLES : [], parts: {} },
  };
  const endpointOf = endpoints(host);
  const ask: Ask = (deployment, action) => {
    const { url, jsonHeaders } = endpointOf(deployment);
    const model = deployment.model.split('/').map(encodeURIComponent).join('/');
    return { url: `${url('completions')}/${model}/${action}`, headers: jsonHeaders };
  };
  const failing: Pick<Mapping, 'toError'> = { toError: (error, { deployment }) => toError(error, endpointOf(deployment).key) };

  return defineProvider({
    name,
    operations: { completions: { ...generation(ask), ...failing }, embeddings: { ...embeddings(ask), ...failing } },
    probe(deployment) {
      const { url, headers: own } = endpointOf(deployment);
      return { url: url('models'), method: 'GET', headers: own };
    },
    problemsOf: (deployment) => problemsOf(host, deployment),
  });
}
