import { type Deployment, GatewayError, type Secret } from '@sluice/core';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A method of the API, as it stands behind the model's name in an address. */
export type Method = 'generateContent' | 'streamGenerateContent?alt=sse' | 'batchEmbedContents' | 'embedContent' | 'predict' | 'countTokens';

/** Where a deployment's model is called, and with what. */
export type Endpoint = {
  url(method: Method): string;
  /** As requests name it within their bodies. */
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What errors must not repeat. */
  readonly key: Secret | undefined;
};

export type EndpointOf<E extends Endpoint = Endpoint> = ((deployment: Deployment) => E) & {
  /** What keeps a deployment from being called, in words for whoever configures it. */
  problemsOf(deployment: Deployment): readonly string[];
};

type EndpointMaker<E> = { toEndpoint(deployment: Deployment): E; problemsOf(deployment: Deployment): readonly string[] };

/** Works out an endpoint once a deployment. */
export function endpoints<E extends Endpoint>({ toEndpoint, problemsOf }: EndpointMaker<E>): EndpointOf<E> {
  const known = new WeakMap<Deployment, E>();
  const endpointOf = (deployment: Deployment): E => {
    let endpoint = known.get(deployment);
    if (!endpoint) known.set(deployment, (endpoint = checked(deployment)));
    return endpoint;
  };
  return Object.assign(endpointOf, { problemsOf });

  function checked(deployment: Deployment): E {
    const problems = problemsOf(deployment);
    if (problems.length === 0) return toEndpoint(deployment);
    throw new GatewayError('configuration_invalid', `Deployment '${deployment.id}' cannot be called. ${problems.join(' ')}`);
  }
}

/** What goes with every request, then what the options and the deployment add, names in lower case. */
export function headersFor(key: Secret | undefined, ...added: readonly Deployment['headers'][]): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    // Nothing here unpacks an answer.
    'accept-encoding': 'identity',
    ...(key && { 'x-goog-api-key': key.reveal() }),
    ...Object.fromEntries(added.flatMap((headers = {}) => Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))),
  };
}

/** `baseUrl` up to and including the version, whether it was given with one or is only a host. */
export function withVersion(baseUrl: string, version: string): string {
  const url = baseUrl.replace(/\/+$/, '');
  return url.slice(url.indexOf('//') + 2).includes('/') ? url : `${url}/${version}`;
}

export function urlProblems(url: string): readonly string[] {
  return /^https?:\/\/[^/]/.test(url) ? [] : [`'${url}' is not an http(s) URL.`];
}

/** The first of the variables that holds something. */
export function firstOf(env: Environment, names: readonly string[]): string | undefined {
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== '');
}
