import { type Deployment, GatewayError, type Secret } from '@sluice/core';
import type { Host, ModelOperation } from './host.ts';

export type Endpoint = { url(operation: ModelOperation): string; readonly headers: Readonly<Record<string, string>>; readonly jsonHeaders: Readonly<Record<string, string>> };

const PATHS = {
  chat: '/chat/completions',
  completions: '/completions',
  embeddings: '/embeddings',
  moderations: '/moderations',
  'images.generate': '/images/generations',
  'images.edit': '/images/edits',
  'audio.speech': '/audio/speech',
  'audio.transcribe': '/audio/transcriptions',
  'audio.translate': '/audio/translations',
  responses: '/responses',
} as const satisfies Record<ModelOperation, string>;

/** Where the calls of each deployment go, and with which headers. Worked out once a deployment. */
export function endpoints(host: Host): (deployment: Deployment) => Endpoint {
  const known = new WeakMap<Deployment, Endpoint>();
  return (deployment) => {
    let endpoint = known.get(deployment);
    if (!endpoint) known.set(deployment, (endpoint = toEndpoint(host, deployment)));
    return endpoint;
  };
}

/** What keeps a deployment at this host from being called, in words for whoever configures it. */
export function problemsOf(host: Host, deployment: Deployment): readonly string[] {
  const problems: string[] = [];
  const baseUrl = deployment.baseUrl ?? host.baseUrl;
  if (baseUrl === undefined) problems.push(`'${host.name}' has an address for each customer: baseUrl (api_base) is needed${host.baseUrlExample ? `, such as ${host.baseUrlExample}` : ''}.`);
  for (const name of baseUrl === undefined ? [] : missingParts(baseUrl, deployment)) problems.push(`'${host.name}' needs options.${name} to complete its address ${baseUrl}.`);
  if (host.needsKey && !keyOf(host, deployment)) problems.push(`'${host.name}' needs a key: set apiKey (api_key)${host.keyVariable ? `, or ${host.keyVariable} in the environment` : ''}.`);
  return problems;
}

function toEndpoint(host: Host, deployment: Deployment): Endpoint {
  const [problem] = problemsOf(host, deployment);
  if (problem !== undefined) throw new GatewayError('configuration_invalid', `Deployment '${deployment.id}' cannot be called. ${problem}`);
  const baseUrl = fill(deployment.baseUrl ?? host.baseUrl ?? '', deployment).replace(/\/+$/, '');
  const query = host.query === undefined ? '' : `?${host.query}`;
  const key = keyOf(host, deployment)?.reveal();
  const headers = {
    // Nothing here unpacks an answer, and some hosts pack it unless told not to.
    'accept-encoding': 'identity',
    ...(key === undefined ? {} : host.keyHeader === undefined ? { authorization: `Bearer ${key}` } : { [host.keyHeader]: key }),
    ...host.headers,
    ...lowerCased(deployment.headers),
  };
  return { url: (operation) => `${baseUrl}${PATHS[operation]}${query}`, headers, jsonHeaders: { 'content-type': 'application/json', ...headers } };
}

function keyOf(host: Host, deployment: Deployment): Secret | undefined {
  return deployment.apiKey ?? host.apiKey;
}

const PART = /\{(\w+)\}/g;

function missingParts(baseUrl: string, { options }: Deployment): string[] {
  return [...baseUrl.matchAll(PART)].map(([, name = '']) => name).filter((name) => typeof options?.[name] !== 'string');
}

function fill(baseUrl: string, { options }: Deployment): string {
  return baseUrl.replace(PART, (_, name: string) => encodeURIComponent(String(options?.[name])));
}

function lowerCased(headers: Deployment['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
