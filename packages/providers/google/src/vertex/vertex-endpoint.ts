import { type Deployment, type Secret, secret } from '@sluice/core';
import { type Endpoint, type EndpointOf, endpoints, type Environment, firstOf, headersFor, urlProblems, withVersion } from '../endpoint.ts';
import { type Credential, readCredential } from './credential.ts';
import { type Authorize, googleAuth } from './google-auth.ts';

export type VertexHost = {
  readonly name: string;
  readonly project: string | undefined;
  readonly location: string | undefined;
  /** In any of the forms of {@link Credential}, or what makes tokens. */
  readonly credentials: Secret | (() => string | Promise<string>) | undefined;
  readonly baseUrl: string | undefined;
  readonly version: string;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly env: Environment;
};

export type VertexEndpoint = Endpoint & {
  /** The project and location, with the version before them: what every resource stands below. */
  readonly place: string;
  /** Headers that have to be fetched. Nothing where they are among the others already. */
  readonly authorize: Authorize | undefined;
};

export const PROJECT_VARIABLES = ['VERTEXAI_PROJECT', 'GOOGLE_VERTEX_PROJECT', 'GOOGLE_CLOUD_PROJECT'] as const;
const LOCATION_VARIABLES = ['VERTEXAI_LOCATION', 'GOOGLE_VERTEX_LOCATION', 'GOOGLE_CLOUD_LOCATION'] as const;
/** As Google's own client has it: where the newest models are, and most capacity. */
const DEFAULT_LOCATION = 'global';
/** Locations that are several regions, with addresses of another form. */
const MULTI_REGIONS: ReadonlySet<string> = new Set(['us', 'eu']);
const LOCATION = /^[a-z][a-z0-9-]*$/;
const PROJECT = /^[\w.:-]+$/;

/** Where the calls of each deployment go at Vertex, and with which headers. Deployments of one credential share its tokens. */
export function vertexEndpoints(host: VertexHost): EndpointOf<VertexEndpoint> {
  const authorizations = new Map<string, Authorize>();
  return endpoints({
    toEndpoint: (deployment) => toEndpoint(host, deployment, authorizations),
    problemsOf: (deployment) => problemsOf(host, deployment),
  });
}

function toEndpoint(host: VertexHost, deployment: Deployment, authorizations: Map<string, Authorize>): VertexEndpoint {
  const credential = credentialOf(host, deployment);
  const project = projectOf(host, deployment, credential);
  const location = locationOf(host, deployment);
  const baseUrl = withVersion(deployment.baseUrl ?? host.baseUrl ?? addressOf(project === undefined ? DEFAULT_LOCATION : location), host.version);
  const place = project === undefined ? baseUrl : `${baseUrl}/projects/${project}/locations/${location}`;
  const model = toResource(deployment.model);
  const { key, token } = secretsOf(credential);
  return {
    url: (method) => `${place}/${model}:${method}`,
    model,
    place,
    headers: { ...headersFor(key, host.headers, deployment.headers), ...(token && { authorization: `Bearer ${token.reveal()}` }) },
    key: key ?? token,
    authorize: authorizeBy(host.credentials, credential, authorizations),
  };
}

function problemsOf(host: VertexHost, deployment: Deployment): readonly string[] {
  const credential = credentialOf(host, deployment);
  const project = projectOf(host, deployment, credential);
  const location = locationOf(host, deployment);
  const { baseUrl = host.baseUrl } = deployment;
  return [
    ...(baseUrl === undefined ? [] : urlProblems(baseUrl)),
    ...(credential.kind === 'unreadable' ? [credential.problem] : []),
    ...(project === undefined && credential.kind !== 'key'
      ? [`'${host.name}' needs a project: set project (vertex_project), or ${PROJECT_VARIABLES[0]} in the environment.`]
      : []),
    ...(project === undefined || PROJECT.test(project) ? [] : [`'${project}' is not a project's name.`]),
    ...(LOCATION.test(location) ? [] : [`'${location}' is not a location's name, such as europe-west4.`]),
  ];
}

function credentialOf({ credentials }: VertexHost, { apiKey }: Deployment): Credential {
  return readCredential(apiKey ?? (typeof credentials === 'function' ? undefined : credentials));
}

/** A key stands for a project by itself, unless one is named with it; the environment may name it for other purposes. */
function projectOf({ project, env }: VertexHost, { options }: Deployment, credential: Credential): string | undefined {
  const named = word(options?.vertex_project) ?? project;
  if (named !== undefined || credential.kind === 'key') return named;
  return firstOf(env, PROJECT_VARIABLES) ?? (credential.kind === 'json' ? word(credential.json.project_id) : undefined);
}

function locationOf({ location, env }: VertexHost, { options }: Deployment): string {
  return word(options?.vertex_location) ?? location ?? firstOf(env, LOCATION_VARIABLES) ?? DEFAULT_LOCATION;
}

/** https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations */
function addressOf(location: string): string {
  if (location === 'global') return 'https://aiplatform.googleapis.com';
  return MULTI_REGIONS.has(location) ? `https://aiplatform.${location}.rep.googleapis.com` : `https://${location}-aiplatform.googleapis.com`;
}

/** A name may come from a caller, by way of a wildcard, and must not leave its place in the path. Endpoints of tuned models have numbers. */
function toResource(model: string): string {
  const [, publisher = 'google', name = model] = /^(?:publishers\/([\w-]+)\/)?(?:models\/)?(.*)$/s.exec(model) ?? [];
  const endpoint = /^(?:endpoints\/|gemini\/)?(\d+)$/.exec(name)?.[1];
  return endpoint === undefined ? `publishers/${publisher}/models/${encodeURIComponent(name).replaceAll('%40', '@')}` : `endpoints/${endpoint}`;
}

function secretsOf(credential: Credential): { readonly key?: Secret; readonly token?: Secret } {
  if (credential.kind === 'key') return { key: credential.key };
  return credential.kind === 'token'
    ? {
        token: secret(
          credential.token
            .reveal()
            .trim()
            .replace(/^Bearer /, ''),
        ),
      }
    : {};
}

function authorizeBy(credentials: VertexHost['credentials'], credential: Credential, known: Map<string, Authorize>): Authorize | undefined {
  if (credential.kind === 'default' && typeof credentials === 'function') return async () => ({ authorization: `Bearer ${await credentials()}` });
  if (credential.kind !== 'json' && credential.kind !== 'default') return undefined;
  const json = credential.kind === 'json' ? credential.json : undefined;
  const id = JSON.stringify(json ?? null);
  let authorize = known.get(id);
  if (!authorize) known.set(id, (authorize = googleAuth(json)));
  return authorize;
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
