import { type Deployment, GatewayError, secret, type Secret } from '@sluice/core';
import type { Environment, Host, MappedFileOperation, ModelOperation } from './host.ts';

export type Endpoint = {
  /** `id` is of the file or the batch that is asked about. */
  url(operation: ModelOperation | 'models', id?: string): string;
  readonly headers: Readonly<Record<string, string>>;
  readonly jsonHeaders: Readonly<Record<string, string>>;
  readonly key: Secret | undefined;
};

export type EndpointOf = (deployment: Deployment) => Endpoint;

/** Of a host with one address for all it does, which ends without a slash. */
export type BaseEndpoint = Endpoint & { readonly baseUrl: string };

export type BaseEndpointOf = (deployment: Deployment) => BaseEndpoint;

/** Where files and batches are found at everybody who has them in OpenAI's way. */
export const FILE_PATHS = {
  'files.create': '/files',
  'files.get': '/files/{id}',
  'files.content': '/files/{id}/content',
  'files.delete': '/files/{id}',
  'batches.create': '/batches',
  'batches.get': '/batches/{id}',
  'batches.cancel': '/batches/{id}/cancel',
} as const satisfies Record<MappedFileOperation, string>;

export const FILE_OPERATIONS = Object.keys(FILE_PATHS) as readonly MappedFileOperation[];

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
  rerank: '/rerank',
  ocr: '/ocr',
  'tokens.count': '/responses/input_tokens',
  ...FILE_PATHS,
  models: '/models',
} as const satisfies Record<ModelOperation | 'models', string>;

/** Every operation that a host may have, but those that only OpenAI is known for. */
export const HOST_OPERATIONS = Object.keys(PATHS).filter((name) => name !== 'models' && name !== 'tokens.count') as readonly ModelOperation[];

/** With the id in its place. */
export function withId(path: string, id = ''): string {
  return path.replace('{id}', encodeURIComponent(id));
}

const PART = /\{(\w+)\}/g;

/** Where the calls of each deployment go, and with which headers. Worked out once a deployment. */
export function endpoints(host: Host): BaseEndpointOf {
  const known = new WeakMap<Deployment, BaseEndpoint>();
  return (deployment) => {
    let endpoint = known.get(deployment);
    if (!endpoint) known.set(deployment, (endpoint = toEndpoint(host, deployment)));
    return endpoint;
  };
}

/** What keeps a deployment at this host from being called, in words for whoever configures it. */
export function problemsOf(host: Host, deployment: Deployment): readonly string[] {
  const address = addressOf(host, deployment);
  const missing = address === undefined ? [] : partsOf(address).filter((name) => partOf(host, deployment, name) === undefined);
  const example = host.baseUrlExample === undefined ? '' : `, such as ${host.baseUrlExample}`;
  return [
    ...(address === undefined ? [`'${host.name}' has another address for each customer: set baseUrl (api_base)${example}.`] : []),
    ...(address !== undefined && !/^https?:\/\/[^/]/.test(address) ? [`'${address}' is not an http(s) URL.`] : []),
    ...missing.map((name) => `The address ${address} needs options.${name}${orVariable(host.fromEnvironment?.parts[name])}.`),
    ...(host.needsKey && !keyOf(host, deployment) ? [`'${host.name}' needs a key: set apiKey (api_key)${orVariable(host.fromEnvironment?.keys[0])}.`] : []),
  ];
}

function toEndpoint(host: Host, deployment: Deployment): BaseEndpoint {
  const problems = problemsOf(host, deployment);
  if (problems.length > 0) throw new GatewayError('configuration_invalid', `Deployment '${deployment.id}' cannot be called. ${problems.join(' ')}`);
  const baseUrl = toBaseUrl(host, deployment);
  const query = host.query === undefined ? '' : `?${host.query}`;
  const secretKey = keyOf(host, deployment);
  const key = secretKey?.reveal();
  const headers = {
    // Nothing here unpacks an answer, and some hosts pack it unless told not to.
    'accept-encoding': 'identity',
    ...(key !== undefined && (host.keyHeader === undefined ? { authorization: `${host.keyScheme ?? 'Bearer'} ${key}` } : { [host.keyHeader]: key })),
    ...host.headers,
    ...lowerCased(deployment.headers),
  };
  return {
    baseUrl,
    url: (operation, id) => `${baseUrl}${withId(host.paths?.[operation] ?? PATHS[operation], id)}${query}`,
    headers,
    jsonHeaders: { 'content-type': 'application/json', ...headers },
    key: secretKey,
  };
}

function toBaseUrl(host: Host, deployment: Deployment): string {
  const address = (addressOf(host, deployment) ?? '').replace(PART, (_, name: string) => encodeURIComponent(partOf(host, deployment, name) ?? ''));
  const url = address.replace(/\/+$/, '');
  const isBare = !url.slice(url.indexOf('//') + 2).includes('/');
  return isBare && host.basePath !== undefined ? `${url}${host.basePath}` : url;
}

function addressOf({ baseUrl, fromEnvironment, toAddress = itself }: Host, deployment: Deployment): string | undefined {
  const address = deployment.baseUrl ?? (fromEnvironment && firstSet(fromEnvironment.env, fromEnvironment.baseUrls)) ?? baseUrl;
  return address === undefined ? undefined : toAddress(address);
}

function itself(address: string): string {
  return address;
}

function keyOf({ apiKey, fromEnvironment }: Host, deployment: Deployment): Secret | undefined {
  const given = deployment.apiKey ?? apiKey;
  if (given) return given;
  const found = fromEnvironment && firstSet(fromEnvironment.env, fromEnvironment.keys);
  return found === undefined ? undefined : secret(found);
}

function partOf({ fromEnvironment }: Host, { options }: Deployment, name: string): string | undefined {
  const given = options?.[name];
  if (typeof given === 'string') return given;
  const variable = fromEnvironment?.parts[name];
  return variable === undefined ? undefined : fromEnvironment?.env[variable];
}

function partsOf(address: string): string[] {
  return [...address.matchAll(PART)].map(([, name = '']) => name);
}

/** The first of these variables that holds something. */
export function firstSet(env: Environment, names: readonly string[]): string | undefined {
  for (const name of names) if (env[name]) return env[name];
  return undefined;
}

function orVariable(name: string | undefined): string {
  return name === undefined ? '' : `, or ${name} in the environment`;
}

function lowerCased(headers: Deployment['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
