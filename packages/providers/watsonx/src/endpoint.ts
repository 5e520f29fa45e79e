import type { Deployment } from '@sluice/core';
import { endpoints, type Environment, type Host, problemsOf as hostProblemsOf } from '@sluice/openai-wire';
import type { WatsonxAccess } from './access/access.ts';

export type Surface = 'chat' | 'chat_stream' | 'generation' | 'generation_stream' | 'embeddings' | 'rerank';

export type Endpoint = {
  url(surface: Surface): string;
  readonly specs: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What every body says: the model and whose it is. A deployment of one's own is named by its address alone. */
  readonly head: { readonly model_id?: string; readonly project_id?: string; readonly space_id?: string };
};

export type EndpointOptions = {
  readonly name: string;
  readonly baseUrl?: string | undefined;
  /** A date, as the API has them. */
  readonly version: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly env: Environment;
  readonly access: WatsonxAccess;
};

export type Endpoints = { endpointOf(deployment: Deployment): Endpoint; problemsOf(deployment: Deployment): readonly string[] };

export const ADDRESS_VARIABLES = ['WATSONX_API_BASE', 'WATSONX_URL', 'WATSONX_AI_SERVICE_URL', 'WX_URL', 'WML_URL'] as const;
export const REGION_VARIABLE = 'WATSONX_REGION';
const OWN = /^deployment\//;

/** Where the calls of deployments go: `https://REGION.ml.cloud.ibm.com`, or a cluster of one's own. */
export function watsonxEndpoints({ name, baseUrl, version, headers, env, access }: EndpointOptions): Endpoints {
  const host: Host = {
    name,
    baseUrl: baseUrl ?? 'https://{watsonx_region}.ml.cloud.ibm.com',
    toAddress: (address) => address.replace(/\/ml\/v1\/?$/, ''),
    // Credentials come with the signature.
    needsKey: false,
    headers,
    operations: [],
    paths: { chat: '/ml/v1', models: '/ml/v1/foundation_model_specs' },
    query: `version=${version}`,
    quirks: [],
    fromEnvironment: { env, keys: [], baseUrls: baseUrl === undefined ? ADDRESS_VARIABLES : [], parts: { watsonx_region: REGION_VARIABLE } },
  };
  const plain = endpoints(host);
  const known = new WeakMap<Deployment, Endpoint>();

  function toEndpoint(deployment: Deployment): Endpoint {
    const { apiKey: _, ...keyless } = deployment;
    const { url, jsonHeaders } = plain(keyless);
    const [base = '', query = ''] = url('chat').split('?');
    const isOwn = OWN.test(deployment.model);
    const path = isOwn ? `/deployments/${encodeURIComponent(deployment.model.replace(OWN, ''))}/text` : '/text';
    return {
      url: (surface) => `${base}${path}/${surface}?${query}`,
      specs: `${url('models')}&limit=1`,
      headers: jsonHeaders,
      head: isOwn ? {} : { model_id: deployment.model, ...access.ownerOf(deployment) },
    };
  }

  return {
    endpointOf(deployment) {
      const endpoint = known.get(deployment) ?? toEndpoint(deployment);
      known.set(deployment, endpoint);
      return endpoint;
    },
    problemsOf: (deployment) => [...hostProblemsOf(host, deployment), ...access.problemsOf(deployment), ...access.ownerProblemsOf(deployment)],
  };
}
