import { defineProvider, type Deployment, type Mapping, type Provider, type Secret } from '@sluice/core';
import { endpoints, type Environment, type Host, mappingsOf, problemsOf, toSecret } from '@sluice/openai-wire';
import { images } from './images.ts';
import { rerank } from './rerank.ts';
import { toError } from './to-error.ts';

export type CloudflareOptions = {
  /** What deployments call it. Default `cloudflare`. */
  readonly name?: string;
  /** For deployments that bring none. Default: `CLOUDFLARE_API_KEY` or `CLOUDFLARE_API_TOKEN` in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** Default: `CLOUDFLARE_API_BASE` or `CLOUDFLARE_BASE_URL` in the environment, then that of the account (`options.account_id`, `CLOUDFLARE_ACCOUNT_ID`). */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

export const KEY_VARIABLES = ['CLOUDFLARE_API_KEY', 'CLOUDFLARE_API_TOKEN'] as const;
export const ADDRESS_VARIABLES = ['CLOUDFLARE_API_BASE', 'CLOUDFLARE_BASE_URL'] as const;
export const ACCOUNT_VARIABLE = 'CLOUDFLARE_ACCOUNT_ID';

/**
 * Cloudflare Workers AI: in OpenAI's form where it has that, and by running a model where it has not.
 * https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility/
 *
 * @example cloudflare({ apiKey: process.env.MY_CLOUDFLARE_TOKEN })
 */
export function cloudflare({ name = 'cloudflare', apiKey, baseUrl, headers, env = process.env }: CloudflareOptions = {}): Provider {
  const host: Host = {
    name,
    baseUrl: baseUrl ?? 'https://api.cloudflare.com/client/v4/accounts/{account_id}/ai/v1',
    needsKey: true,
    apiKey: toSecret(apiKey),
    headers,
    operations: ['chat', 'embeddings', 'responses'],
    // Models are run beside OpenAI's form, and listed there.
    paths: { completions: '', models: '' },
    quirks: [],
    fromEnvironment: { env, keys: KEY_VARIABLES, baseUrls: baseUrl === undefined ? ADDRESS_VARIABLES : [], parts: { account_id: ACCOUNT_VARIABLE } },
  };
  const endpointOf = endpoints(host);
  const beside = (deployment: Deployment, path: string): string => `${endpointOf(deployment).url('models').replace(/\/v1$/, '')}/${path}`;
  const run = (deployment: Deployment): { url: string; headers: Readonly<Record<string, string>> } => ({
    url: beside(deployment, `run/${deployment.model.split('/').map(encodeURIComponent).join('/').replace('%40', '@')}`),
    headers: endpointOf(deployment).jsonHeaders,
  });
  const failing: Pick<Mapping, 'toError'> = { toError: (error, { deployment }) => toError(error, endpointOf(deployment).key) };
  const plain = Object.entries(mappingsOf(host, endpointOf)).map(([operation, mapping]) => [operation, { ...mapping, ...failing }]);

  return defineProvider({
    name,
    operations: { ...Object.fromEntries(plain), 'images.generate': { ...images(run), ...failing }, rerank: { ...rerank(run), ...failing } },
    probe: (deployment) => ({ url: beside(deployment, 'models/search?per_page=1'), method: 'GET', headers: endpointOf(deployment).headers }),
    problemsOf: (deployment) => problemsOf(host, deployment),
  });
}
