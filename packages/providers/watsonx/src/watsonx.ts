import { defineProvider, type Mapping, type Provider } from '@sluice/core';
import type { Environment } from '@sluice/openai-wire';
import { watsonxAccess } from './access/access.ts';
import type { WatsonxSettings } from './access/settings.ts';
import { chat } from './chat/chat.ts';
import { embeddings } from './embeddings.ts';
import { watsonxEndpoints } from './endpoint.ts';
import { generation } from './generation.ts';
import { rerank } from './rerank.ts';
import { toError } from './to-error.ts';

export type WatsonxOptions = WatsonxSettings & {
  /** What deployments call it. Default `watsonx`. */
  readonly name?: string;
  /** Default: `WATSONX_API_BASE`, `WATSONX_URL` or `WATSONX_AI_SERVICE_URL` in the environment, then that of the region (`WATSONX_REGION`). */
  readonly baseUrl?: string | undefined;
  /** Which day's API is called. Default: `WATSONX_API_VERSION` in the environment, then the day that this was written for. */
  readonly version?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

/** That of IBM's own client, of which the forms were learned. */
const VERSION = '2026-06-10';

/**
 * IBM watsonx.ai, in IBM's cloud or on a cluster of one's own. https://cloud.ibm.com/apidocs/watsonx-ai
 *
 * @example watsonx({ baseUrl: 'https://eu-de.ml.cloud.ibm.com', projectId: '…' })
 */
export function watsonx({ name = 'watsonx', baseUrl, version, headers, env = process.env, ...settings }: WatsonxOptions = {}): Provider {
  const access = watsonxAccess(settings, env);
  const { endpointOf, problemsOf } = watsonxEndpoints({ name, baseUrl, version: version ?? (env.WATSONX_API_VERSION || VERSION), headers, env, access });
  const failing: Pick<Mapping, 'toError'> = { toError: (error, { deployment }) => toError(error, access.secretOf(deployment)) };

  return defineProvider({
    name,
    operations: {
      chat: { ...chat(endpointOf), ...failing },
      completions: { ...generation(endpointOf), ...failing },
      embeddings: { ...embeddings(endpointOf), ...failing },
      rerank: { ...rerank(endpointOf), ...failing },
    },
    sign: (wire, deployment) => access.sign(wire, deployment),
    // A list costs nothing. That it is signed shows that the key is exchanged.
    probe(deployment) {
      const { specs, headers: own } = endpointOf(deployment);
      return { url: specs, method: 'GET', headers: own };
    },
    problemsOf,
  });
}
