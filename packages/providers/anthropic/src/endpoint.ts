import type { MessagesEndpoint } from '@sluice/anthropic-wire';
import { type Deployment, GatewayError, secret, type Secret } from '@sluice/core';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Endpoint = MessagesEndpoint & {
  /** Up to and including the version. */
  readonly baseUrl: string;
};

export type EndpointOf = (deployment: Deployment) => Endpoint;

export type Host = {
  readonly name: string;
  readonly apiKey: Secret | undefined;
  readonly baseUrl: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly env: Environment;
};

/** https://docs.claude.com/en/api/versioning */
const API_VERSION = '2023-06-01';
/** What subscriptions are given in place of a key is a bearer token, and has to be announced. */
const TOKEN_PREFIX = 'sk-ant-oat';
const TOKEN_BETA = 'oauth-2025-04-20';

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

function problemsOf(host: Host, deployment: Deployment): readonly string[] {
  const address = addressOf(host, deployment);
  return [
    ...(/^https?:\/\/[^/]/.test(address) ? [] : [`'${address}' is not an http(s) URL.`]),
    ...(keyOf(host, deployment) ? [] : [`'${host.name}' needs a key: set apiKey (api_key), or ANTHROPIC_API_KEY in the environment.`]),
    ...(deployment.options?.auth === undefined || deployment.options.auth === 'bearer'
      ? []
      : [`options.auth can only be 'bearer', not '${String(deployment.options.auth)}'.`]),
  ];
}

function toEndpoint(host: Host, deployment: Deployment): Endpoint {
  const problems = problemsOf(host, deployment);
  if (problems.length > 0) throw new GatewayError('configuration_invalid', `Deployment '${deployment.id}' cannot be called. ${problems.join(' ')}`);
  const key = keyOf(host, deployment);
  const headers = {
    'content-type': 'application/json',
    // Nothing here unpacks an answer.
    'accept-encoding': 'identity',
    'anthropic-version': API_VERSION,
    ...credential(host, deployment, key?.reveal() ?? ''),
    ...lowerCased(host.headers),
    ...lowerCased(deployment.headers),
  };
  const baseUrl = withVersion(addressOf(host, deployment));
  return { baseUrl, url: () => `${baseUrl}/messages`, headers, key };
}

/** Keys have a header of their own; tokens of subscriptions, and of gateways in front of Anthropic, are bearer tokens. */
function credential({ env }: Host, { options }: Deployment, key: string): Record<string, string> {
  if (key.startsWith(TOKEN_PREFIX)) return { authorization: `Bearer ${key}`, 'anthropic-beta': TOKEN_BETA };
  return options?.auth === 'bearer' || key === env.ANTHROPIC_AUTH_TOKEN ? { authorization: `Bearer ${key}` } : { 'x-api-key': key };
}

/** Given with the version or without it, as Anthropic's own clients take it. */
function withVersion(address: string): string {
  const url = address.replace(/\/+$/, '');
  return /\/v\d+$/.test(url) ? url : `${url}/v1`;
}

function addressOf({ baseUrl, env }: Host, deployment: Deployment): string {
  return deployment.baseUrl ?? baseUrl ?? (env.ANTHROPIC_BASE_URL || env.ANTHROPIC_API_BASE || 'https://api.anthropic.com');
}

function keyOf({ apiKey, env }: Host, deployment: Deployment): Secret | undefined {
  const found = env.ANTHROPIC_API_KEY || env.ANTHROPIC_AUTH_TOKEN;
  return deployment.apiKey ?? apiKey ?? (found ? secret(found) : undefined);
}

function lowerCased(headers: Deployment['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
