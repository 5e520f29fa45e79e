import type { Deployment, MaybePromise, Secret, WireRequest } from '@sluice/core';
import { type Environment, toSecret } from '@sluice/openai-wire';
import { IAM_URL, iamToken } from './iam-token.ts';
import { settingsIn, settingsOf, type WatsonxSettings } from './settings.ts';

export type WatsonxAccess = {
  /** What is not to be told by errors. */
  secretOf(deployment: Deployment): Secret | undefined;
  /** Whose models are called, and who pays, as requests say it. */
  ownerOf(deployment: Deployment): { readonly project_id?: string; readonly space_id?: string };
  sign(wire: WireRequest, deployment: Deployment): MaybePromise<WireRequest>;
  /** What is missing to be let in. */
  problemsOf(deployment: Deployment): readonly string[];
  /** What is missing to say who pays, where requests have to. */
  ownerProblemsOf(deployment: Deployment): readonly string[];
};

type Known = { readonly settings: WatsonxSettings; readonly secret: Secret | undefined; authorization(): MaybePromise<string | undefined> };

const NO_KEY =
  'It needs a key of IBM Cloud: set apiKey (api_key), or WATSONX_APIKEY in the environment; or a token, in options.watsonx_token or WATSONX_TOKEN.';
const NO_OWNER =
  'It needs a project or a space: set options.project_id or options.space_id, or WATSONX_PROJECT_ID or WATSONX_DEPLOYMENT_SPACE_ID in the environment.';

/** Whom calls are made as: by a deployment, the options or the environment, in this order, each of which may bring a token, a ZenApiKey or a key. */
export function watsonxAccess(options: WatsonxSettings, env: Environment): WatsonxAccess {
  const known = new WeakMap<Deployment, Known>();
  const shared = new Map<string, () => MaybePromise<string>>();
  const places = [options, settingsIn(env)];

  /** Deployments of one key share its token. */
  function tokenFor(key: Secret, url: string): () => MaybePromise<string> {
    const name = JSON.stringify([url, key.reveal()]);
    const token = shared.get(name) ?? iamToken(key, url);
    shared.set(name, token);
    return token;
  }

  function toKnown(settings: readonly WatsonxSettings[]): Known {
    const first = <Name extends keyof WatsonxSettings>(name: Name): WatsonxSettings[Name] => settings.map((place) => place[name]).find(Boolean);
    const found = settings.find(({ token, zenApiKey, apiKey }) => token ?? zenApiKey ?? apiKey) ?? {};
    const all = { iamUrl: first('iamUrl'), projectId: first('projectId'), spaceId: first('spaceId') };
    const { token, zen, key } = { token: toSecret(found.token), zen: toSecret(found.zenApiKey), key: toSecret(found.apiKey) };
    if (token) return { settings: all, secret: token, authorization: () => `Bearer ${token.reveal()}` };
    if (zen) return { settings: all, secret: zen, authorization: () => `ZenApiKey ${zen.reveal()}` };
    if (!key) return { settings: all, secret: undefined, authorization: () => undefined };
    const exchanged = tokenFor(key, all.iamUrl ?? IAM_URL);
    const bear = (bearer: string): string => `Bearer ${bearer}`;
    return {
      settings: all,
      secret: key,
      authorization() {
        const bearer = exchanged();
        return bearer instanceof Promise ? bearer.then(bear) : bear(bearer as string);
      },
    };
  }

  function knownOf(deployment: Deployment): Known {
    const made = known.get(deployment) ?? toKnown([settingsOf(deployment), ...places]);
    known.set(deployment, made);
    return made;
  }

  return {
    secretOf: (deployment) => knownOf(deployment).secret,
    ownerOf(deployment) {
      const { projectId, spaceId } = knownOf(deployment).settings;
      if (spaceId !== undefined) return { space_id: spaceId };
      return projectId === undefined ? {} : { project_id: projectId };
    },
    sign(wire, deployment) {
      const found = knownOf(deployment).authorization();
      const bear = (authorization: string | undefined): WireRequest =>
        authorization === undefined ? wire : { ...wire, headers: { ...wire.headers, authorization } };
      return found instanceof Promise ? found.then(bear) : bear(found as string | undefined);
    },
    problemsOf: (deployment) => (knownOf(deployment).secret ? [] : [NO_KEY]),
    ownerProblemsOf(deployment) {
      const { projectId, spaceId } = knownOf(deployment).settings;
      return (projectId ?? spaceId) || deployment.model.startsWith('deployment/') ? [] : [NO_OWNER];
    },
  };
}
