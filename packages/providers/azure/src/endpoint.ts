import { type Deployment, GatewayError, type Secret } from '@sluice/core';
import { type Endpoint, type EndpointOf, withId } from '@sluice/openai-wire';
import type { AzureAccess } from './access.ts';
import { type AddressOf, isOwnAddress } from './addresses.ts';

export type Host = {
  readonly name: string;
  readonly example: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly access: AzureAccess;
  baseUrlOf(deployment: Deployment): string | undefined;
  addressOf(address: string, deployment: Deployment): AddressOf;
};

export type Endpoints = { readonly endpointOf: EndpointOf; problemsOf(deployment: Deployment): readonly string[] };

/** Where the calls of each deployment go, and with which headers. Worked out once a deployment. */
export function endpoints(host: Host): Endpoints {
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

function problemsOf({ name, example, access, baseUrlOf }: Host, deployment: Deployment): readonly string[] {
  const address = baseUrlOf(deployment);
  return [
    ...(address === undefined ? [`'${name}' has another address for each customer: set baseUrl (api_base), such as ${example}.`] : []),
    ...(address !== undefined && !/^https?:\/\/[^/]/.test(address) ? [`'${address}' is not an http(s) URL.`] : []),
    ...access.problemsOf(deployment),
  ];
}

function toEndpoint(host: Host, deployment: Deployment): Endpoint {
  const problems = problemsOf(host, deployment);
  if (problems.length > 0) throw new GatewayError('configuration_invalid', `Deployment '${deployment.id}' cannot be called. ${problems.join(' ')}`);
  const address = host.baseUrlOf(deployment) ?? '';
  const key = host.access.keyOf(deployment);
  const headers = {
    // Nothing here unpacks an answer.
    'accept-encoding': 'identity',
    ...(key && credential(key, address)),
    ...lowerCased(host.headers),
    ...lowerCased(deployment.headers),
  };
  const addressOf = host.addressOf(address, deployment);
  return { url: (operation, id) => withId(addressOf(operation), id), headers, jsonHeaders: { 'content-type': 'application/json', ...headers }, key };
}

function credential(key: Secret, address: string): Record<string, string> {
  return isOwnAddress(address) ? { authorization: `Bearer ${key.reveal()}` } : { 'api-key': key.reveal() };
}

function lowerCased(headers: Deployment['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
