import { type Deployment, type Secret, secret } from '@sluice/core';
import { type Endpoint, type EndpointOf, endpoints, type Environment, firstOf, headersFor, urlProblems, withVersion } from '../endpoint.ts';

export type StudioOptions = {
  readonly name: string;
  readonly apiKey: Secret | undefined;
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly env: Environment;
};

const BASE_URL = 'https://generativelanguage.googleapis.com';
const VERSION = 'v1beta';
export const KEY_VARIABLES = ['GEMINI_API_KEY', 'GOOGLE_API_KEY'] as const;
/** Resources that a model can be, besides one of Google's own. */
const RESOURCE = /^(?:models|tunedModels)\//;

/** Where the calls of each deployment go at AI Studio, and with which headers. */
export function studioEndpoints(options: StudioOptions): EndpointOf {
  return endpoints({
    toEndpoint: (deployment) => toEndpoint(options, deployment),
    problemsOf: (deployment) => [
      ...urlProblems(addressOf(options, deployment)),
      ...(keyOf(options, deployment) ? [] : [`'${options.name}' needs a key: set apiKey (api_key), or ${KEY_VARIABLES[0]} in the environment.`]),
    ],
  });
}

/** A short list of models, which costs nothing and asks for the key. */
export function listUrl(options: StudioOptions, deployment: Deployment): string {
  return `${withVersion(addressOf(options, deployment), VERSION)}/models?pageSize=1`;
}

function toEndpoint(options: StudioOptions, deployment: Deployment): Endpoint {
  const baseUrl = withVersion(addressOf(options, deployment), VERSION);
  const model = toResource(deployment.model);
  const key = keyOf(options, deployment);
  return { url: (method) => `${baseUrl}/${model}:${method}`, model, headers: headersFor(key, options.headers, deployment.headers), key };
}

function addressOf({ baseUrl }: StudioOptions, deployment: Deployment): string {
  return deployment.baseUrl ?? baseUrl ?? BASE_URL;
}

/** The name may come from a caller, by way of a wildcard, and must not leave its place in the path. */
function toResource(model: string): string {
  const [kind = 'models/'] = RESOURCE.exec(model) ?? [];
  return `${kind}${encodeURIComponent(model.replace(RESOURCE, ''))}`;
}

function keyOf({ apiKey, env }: StudioOptions, deployment: Deployment): Secret | undefined {
  const found = firstOf(env, KEY_VARIABLES);
  return deployment.apiKey ?? apiKey ?? (found === undefined ? undefined : secret(found));
}
