import { addressIn, type AwsSigner } from '@sluice/aws-wire';
import { type Deployment, GatewayError } from '@sluice/core';
import type { Endpoint } from '@sluice/openai-wire';

export type Host = {
  readonly baseUrl: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly signer: AwsSigner;
};

export function problemsOf({ baseUrl, signer }: Host, deployment: Deployment): readonly string[] {
  const address = deployment.baseUrl ?? baseUrl;
  const problems = signer.problemsOf(deployment);
  return [
    ...problems,
    ...(deployment.apiKey
      ? ['SageMaker takes no key (apiKey, api_key): calls are signed with AWS credentials, from options.aws_access_key_id and its like or the environment.']
      : []),
    ...(address === undefined || /^https?:\/\/[^/]/.test(address) ? [] : [`'${address}' is not an http(s) URL.`]),
    ...(problems.length === 0 && address === undefined && signer.accessOf(deployment).region === undefined
      ? ['It needs a region: set options.aws_region_name, or AWS_REGION in the environment.']
      : []),
  ];
}

/** Where an endpoint's container is called: the model of a deployment is the name of its endpoint. */
export function toEndpoint(host: Host, deployment: Deployment, isStream: boolean): Endpoint {
  const problems = problemsOf(host, deployment);
  if (problems.length > 0) throw new GatewayError('configuration_invalid', `Deployment '${deployment.id}' cannot be called. ${problems.join(' ')}`);
  const { region = '', identity } = host.signer.accessOf(deployment);
  const address = deployment.baseUrl ?? host.baseUrl ?? addressIn('runtime.sagemaker', region);
  const base = `${address.replace(/\/+$/, '')}/endpoints/${encodeURIComponent(deployment.model)}`;
  const headers = { 'content-type': 'application/json', 'accept-encoding': 'identity', ...lowerCased(host.headers), ...lowerCased(deployment.headers) };
  return {
    url: () => `${base}/${isStream ? 'invocations-response-stream' : 'invocations'}`,
    headers,
    jsonHeaders: headers,
    key: identity.kind === 'bearer' ? identity.key : undefined,
  };
}

function lowerCased(headers: Deployment['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
