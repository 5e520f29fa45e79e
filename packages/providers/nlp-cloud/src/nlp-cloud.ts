import { defineProvider, type Mapping, type Provider, type Secret } from '@sluice/core';
import { endpoints, type Environment, type Host, problemsOf, toError, toSecret } from '@sluice/openai-wire';
import type { Ask } from './ask.ts';
import { chatbot } from './chatbot.ts';
import { embeddings } from './embeddings.ts';
import { generation } from './generation.ts';
import { images } from './images.ts';

export type NlpCloudOptions = {
  /** What deployments call it. Default `nlp_cloud`. */
  readonly name?: string;
  /** For deployments that bring none. Default: `NLP_CLOUD_API_KEY` or `NLPCLOUD_TOKEN` in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** Default: `NLP_CLOUD_API_BASE` in the environment, then `https://api.nlpcloud.io/v1/gpu`. */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

export const KEY_VARIABLES = ['NLP_CLOUD_API_KEY', 'NLPCLOUD_TOKEN'] as const;

/**
 * NLP Cloud. https://docs.nlpcloud.com
 *
 * @example nlpCloud({ apiKey: process.env.MY_NLP_CLOUD_TOKEN })
 */
export function nlpCloud({ name = 'nlp_cloud', apiKey, baseUrl, headers, env = process.env }: NlpCloudOptions = {}): Provider {
  const host: Host = {
    name,
    // Language models run on GPUs alone; another address names another language or none.
    baseUrl: baseUrl ?? 'https://api.nlpcloud.io/v1/gpu',
    needsKey: true,
    apiKey: toSecret(apiKey),
    headers,
    operations: [],
    paths: { chat: '' },
    quirks: [],
    fromEnvironment: { env, keys: KEY_VARIABLES, baseUrls: baseUrl === undefined ? ['NLP_CLOUD_API_BASE'] : [], parts: {} },
  };
  const endpointOf = endpoints(host);
  const ask: Ask = (deployment, task) => {
    const { url, jsonHeaders, key } = endpointOf(deployment);
    const model = deployment.model.split('/').map(encodeURIComponent).join('/');
    return { url: `${url('chat')}/${model}/${task}`, headers: { ...jsonHeaders, ...(key && { authorization: `Token ${key.reveal()}` }) } };
  };
  const failing: Pick<Mapping, 'toError'> = { toError: (error, { deployment }) => toError(error, endpointOf(deployment).key) };

  return defineProvider({
    name,
    operations: {
      chat: { ...chatbot(ask), ...failing },
      completions: { ...generation(ask), ...failing },
      embeddings: { ...embeddings(ask), ...failing },
      'images.generate': { ...images(ask), ...failing },
    },
    problemsOf: (deployment) => problemsOf(host, deployment),
  });
}
