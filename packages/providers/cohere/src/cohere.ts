import { defineProvider, type Provider, type Secret } from '@sluice/core';
import { endpoints, type Environment, type Host, problemsOf, toSecret } from '@sluice/openai-wire';
import { chat } from './chat/chat.ts';
import { embeddings } from './embeddings.ts';
import { rerank } from './rerank.ts';
import { transcription } from './transcription.ts';

export type CohereOptions = {
  /** What deployments call it. Default `cohere`. */
  readonly name?: string;
  /** For deployments that bring none. Default: `COHERE_API_KEY` or `CO_API_KEY` in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** Default: `CO_API_URL` in the environment, then `https://api.cohere.com/v2`. */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

export const KEY_VARIABLES = ['COHERE_API_KEY', 'CO_API_KEY'] as const;

/**
 * Cohere by its own API, version 2. https://docs.cohere.com/v2/reference/about
 *
 * @example cohere({ apiKey: process.env.MY_COHERE_KEY })
 */
export function cohere({ name = 'cohere', apiKey, baseUrl = 'https://api.cohere.com/v2', headers, env = process.env }: CohereOptions = {}): Provider {
  const host: Host = {
    name,
    baseUrl,
    basePath: '/v2',
    needsKey: true,
    apiKey: toSecret(apiKey),
    headers,
    operations: [],
    paths: { chat: '/chat', embeddings: '/embed' },
    quirks: [],
    fromEnvironment: { env, keys: KEY_VARIABLES, baseUrls: ['COHERE_API_BASE', 'CO_API_URL'], parts: {} },
  };
  const endpointOf = endpoints(host);

  return defineProvider({
    name,
    operations: { chat: chat(endpointOf), embeddings: embeddings(endpointOf), rerank: rerank(endpointOf), 'audio.transcribe': transcription(endpointOf) },
    // A list of one model costs nothing, and asks for the key; only the first version has one.
    probe(deployment) {
      const { url, headers: own } = endpointOf(deployment);
      return { url: `${url('models').replace(/\/v2\/models$/, '/v1/models')}?page_size=1`, method: 'GET', headers: own };
    },
    problemsOf: (deployment) => problemsOf(host, deployment),
  });
}
