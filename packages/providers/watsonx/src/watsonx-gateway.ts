import type { Mapping, Provider } from '@sluice/core';
import { type Environment, type Host, problemsOf, toError, toProvider } from '@sluice/openai-wire';
import { watsonxAccess } from './access/access.ts';
import type { WatsonxSettings } from './access/settings.ts';
import { ADDRESS_VARIABLES, REGION_VARIABLE } from './endpoint.ts';

export type WatsonxGatewayOptions = Omit<WatsonxSettings, 'projectId' | 'spaceId'> & {
  /** What deployments call it. Default `watsonx_gateway`. */
  readonly name?: string;
  /** Default: `WATSONX_GATEWAY_API_BASE` in the environment, then as of `watsonx`. */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

export const GATEWAY_VARIABLE = 'WATSONX_GATEWAY_API_BASE';

/**
 * The models of other providers that an account of IBM Cloud, or a cluster of one's own, is connected with, in OpenAI's form.
 * https://www.ibm.com/docs/en/watsonx/saas?topic=generation-inferencing-gateway-models
 *
 * @example watsonxGateway({ baseUrl: 'https://eu-de.ml.cloud.ibm.com' })
 */
export function watsonxGateway({ name = 'watsonx_gateway', baseUrl, headers, env = process.env, ...settings }: WatsonxGatewayOptions = {}): Provider {
  const access = watsonxAccess(settings, env);
  const host: Host = {
    name,
    baseUrl: baseUrl ?? 'https://{watsonx_region}.ml.cloud.ibm.com',
    basePath: '/ml/gateway/v1',
    toAddress: (address) => address.replace(/\/ml(?:\/gateway)?\/v1\/?$/, ''),
    // Credentials come with the signature.
    needsKey: false,
    headers,
    operations: ['chat', 'completions', 'embeddings'],
    quirks: [],
    fromEnvironment: {
      env,
      keys: [],
      baseUrls: baseUrl === undefined ? [GATEWAY_VARIABLE, ...ADDRESS_VARIABLES] : [],
      parts: { watsonx_region: REGION_VARIABLE },
    },
  };
  const plain = toProvider(host);
  const failing: Pick<Mapping, 'toError'> = { toError: (error, { deployment }) => toError(error, access.secretOf(deployment)) };
  return {
    ...plain,
    operations: Object.fromEntries(Object.entries(plain.operations).map(([operation, mapping]) => [operation, { ...mapping, ...failing } as Mapping])),
    sign: (wire, deployment) => access.sign(wire, deployment),
    problemsOf: (deployment) => [...problemsOf(host, deployment), ...access.problemsOf(deployment)],
  };
}
