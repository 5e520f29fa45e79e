import { type Deployment, GatewayError, revealed } from '@sluice/core';
import { addressIn, type AwsSigner, type Environment } from '@sluice/aws-wire';
import { readModelName } from './model-name.ts';

export type Endpoint = {
  url(action: Action): string;
  readonly headers: Readonly<Record<string, string>>;
};

export type Action = 'converse' | 'converse-stream' | 'invoke' | 'invoke-with-response-stream' | 'count-tokens';

export type EndpointOf = (deployment: Deployment) => Endpoint;

export type Host = {
  readonly name: string;
  readonly baseUrl: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly env: Environment;
  readonly signer: AwsSigner;
};

const NOT_CLAUDE =
  "'invoke/' is for Claude: leave it out, and chats go by Converse, vectors, pictures and reranking by InvokeModel. What an ARN stands for, baseModel (base_model) tells.";

/** Where the calls of each deployment go, and with which headers. Worked out once a deployment. */
export function endpoints(host: Host): { readonly endpointOf: EndpointOf; problemsOf(deployment: Deployment): readonly string[] } {
  const known = new WeakMap<Deployment, Endpoint>();
  return {
    endpointOf(deployment) {
      let endpoint = known.get(deployment);
      if (!endpoint) known.set(deployment, (endpoint = toEndpoint(host, deployment)));
      return endpoint;
    },
    problemsOf: (deployment) => problemsOf(host, deployment),
  };
}

/** An address that somebody gave, if any: a VPC endpoint, or a proxy. */
export function givenAddress({ baseUrl, env }: Pick<Host, 'baseUrl' | 'env'>, { baseUrl: own, options }: Deployment): string | undefined {
  const variable = env.AWS_BEDROCK_RUNTIME_ENDPOINT || env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME || undefined;
  return own ?? revealed(options?.aws_bedrock_runtime_endpoint) ?? baseUrl ?? variable;
}

function problemsOf(host: Host, deployment: Deployment): readonly string[] {
  const address = givenAddress(host, deployment);
  const { region } = host.signer.accessOf(deployment);
  const problems = host.signer.problemsOf(deployment);
  const { api, family } = readModelName(deployment);
  return [
    ...problems,
    ...(api === 'invoke' && family !== 'claude' ? [NOT_CLAUDE] : []),
    ...(address === undefined || /^https?:\/\/[^/]/.test(address) ? [] : [`'${address}' is not an http(s) URL.`]),
    ...(address === undefined && region === undefined && problems.length === 0
      ? ['It needs a region: set options.aws_region_name, or AWS_REGION in the environment.']
      : []),
  ];
}

function toEndpoint(host: Host, deployment: Deployment): Endpoint {
  const problems = problemsOf(host, deployment);
  if (problems.length > 0) throw new GatewayError('configuration_invalid', `Deployment '${deployment.id}' cannot be called. ${problems.join(' ')}`);
  const address = givenAddress(host, deployment) ?? addressIn('bedrock-runtime', host.signer.accessOf(deployment).region ?? '');
  const base = `${address.replace(/\/+$/, '')}/model/${encodeURIComponent(readModelName(deployment).id)}`;
  return {
    url: (action) => `${base}/${action}`,
    headers: {
      'content-type': 'application/json',
      // Nothing here unpacks an answer.
      'accept-encoding': 'identity',
      ...lowerCased(host.headers),
      ...lowerCased(deployment.headers),
    },
  };
}

function lowerCased(headers: Deployment['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
