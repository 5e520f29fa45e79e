import { type Deployment, GatewayError, type Secret, secret } from '@sluice/core';

export type Environment = Readonly<Record<string, string | undefined>>;

export type EndpointOptions = {
  readonly name: string;
  readonly apiKey: Secret | undefined;
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env: Environment;
};

export type Endpoint = {
  /** Where `method` of the deployment's model is called. */
  url(method: 'generateContent' | 'streamGenerateContent?alt=sse' | 'batchEmbedContents'): string;
  /** A short list of models, which costs nothing and asks for the key. */
  readonly listUrl: string;
  /** As requests name it within their bodies. */
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly key: Secret | undefined;
};

export type EndpointOf = ((deployment: Deployment) => Endpoint) & {
  /** What keeps a deployment from being called, in words for whoever configures it. */
  problemsOf(deployment: Deployment): readonly string[];
};

const BASE_URL = 'https://generativelanguage.googleapis.com/v1beta';
const VERSION = '/v1beta';
const KEY_VARIABLES = ['GEMINI_API_KEY', 'GOOGLE_API_KEY'] as const;
/** Resources that a model can be, besides one of Google's own. */
const RESOURCE = /^(?:models|tunedModels)\//;

/** Where the calls of each deployment go, and with which headers. Worked out once a deployment. */
export function endpoints(options: EndpointOptions): EndpointOf {
  const known = new WeakMap<Deployment, Endpoint>();
  const endpointOf = (deployment: Deployment): Endpoint => {
    let endpoint = known.get(deployment);
    if (!endpoint) known.set(deployment, (endpoint = toEndpoint(options, deployment)));
    return endpoint;
  };
  return Object.assign(endpointOf, { problemsOf: (deployment: Deployment) => problemsOf(options, deployment) });
}

/** The key that the environment holds. */
export function firstKey(env: Environment): string | undefined {
  return KEY_VARIABLES.map((name) => env[name]).find((value) => value !== undefined && value !== '');
}

function toEndpoint(options: EndpointOptions, deployment: Deployment): Endpoint {
  const problems = problemsOf(options, deployment);
  if (problems.length > 0) throw new GatewayError('configuration_invalid', `Deployment '${deployment.id}' cannot be called. ${problems.join(' ')}`);
  const baseUrl = toBaseUrl(options, deployment);
  const model = toResource(deployment.model);
  const key = keyOf(options, deployment);
  return {
    url: (method) => `${baseUrl}/${model}:${method}`,
    listUrl: `${baseUrl}/models?pageSize=1`,
    model,
    headers: {
      'content-type': 'application/json',
      // Nothing here unpacks an answer.
      'accept-encoding': 'identity',
      ...(key && { 'x-goog-api-key': key.reveal() }),
      ...lowerCased(options.headers),
      ...lowerCased(deployment.headers),
    },
    key,
  };
}

function problemsOf(options: EndpointOptions, deployment: Deployment): readonly string[] {
  const { baseUrl = options.baseUrl ?? BASE_URL } = deployment;
  return [
    ...(/^https?:\/\/[^/]/.test(baseUrl) ? [] : [`'${baseUrl}' is not an http(s) URL.`]),
    ...(keyOf(options, deployment) ? [] : [`'${options.name}' needs a key: set apiKey (api_key), or ${KEY_VARIABLES[0]} in the environment.`]),
  ];
}

function toBaseUrl(options: EndpointOptions, deployment: Deployment): string {
  const url = (deployment.baseUrl ?? options.baseUrl ?? BASE_URL).replace(/\/+$/, '');
  return url.slice(url.indexOf('//') + 2).includes('/') ? url : `${url}${VERSION}`;
}

/** The name may come from a caller, by way of a wildcard, and must not leave its place in the path. */
function toResource(model: string): string {
  const [kind = 'models/'] = RESOURCE.exec(model) ?? [];
  return `${kind}${encodeURIComponent(model.replace(RESOURCE, ''))}`;
}

function keyOf({ apiKey, env }: EndpointOptions, deployment: Deployment): Secret | undefined {
  const given = deployment.apiKey ?? apiKey;
  if (given) return given;
  const found = firstKey(env);
  return found === undefined ? undefined : secret(found);
}

function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
