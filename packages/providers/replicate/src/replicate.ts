import { defineProvider, type Provider, type Secret } from '@sluice/core';
import { endpoints, type Environment, type Host, problemsOf, toSecret } from '@sluice/openai-wire';
import { images } from './images.ts';
import { text } from './text.ts';

export type ReplicateOptions = {
  /** What deployments call it. Default `replicate`. */
  readonly name?: string;
  /** For deployments that bring none. Default: `REPLICATE_API_TOKEN` or `REPLICATE_API_KEY` in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** Default: `REPLICATE_API_BASE` or `REPLICATE_BASE_URL` in the environment, then `https://api.replicate.com/v1`. */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

export const KEY_VARIABLES = ['REPLICATE_API_TOKEN', 'REPLICATE_API_KEY'] as const;

/**
 * Models on Replicate: a prediction is asked for, and followed until it is over. https://replicate.com/docs/reference/http
 *
 * @example replicate({ apiKey: process.env.MY_REPLICATE_TOKEN })
 */
export function replicate({ name = 'replicate', apiKey, baseUrl, headers, env = process.env }: ReplicateOptions = {}): Provider {
  const host: Host = {
    name,
    baseUrl: baseUrl ?? 'https://api.replicate.com/v1',
    basePath: '/v1',
    needsKey: true,
    apiKey: toSecret(apiKey),
    headers,
    operations: [],
    // Where predictions are made is said by the model; what else there is stands below the address.
    paths: { chat: '', models: '/account' },
    quirks: [],
    fromEnvironment: { env, keys: KEY_VARIABLES, baseUrls: baseUrl === undefined ? ['REPLICATE_API_BASE', 'REPLICATE_BASE_URL'] : [], parts: {} },
  };
  const endpointOf = endpoints(host);

  return defineProvider({
    name,
    operations: { chat: text(endpointOf), completions: text(endpointOf), 'images.generate': images(endpointOf) },
    // Whose the key is costs nothing to ask.
    probe(deployment) {
      const { url, headers: own } = endpointOf(deployment);
      return { url: url('models'), method: 'GET', headers: own };
    },
    problemsOf: (deployment) => problemsOf(host, deployment),
  });
}
