import type { Deployment, MaybePromise, Secret, WireRequest } from '@sluice/core';
import type { Environment } from '@sluice/openai-wire';
import { type Credential, credentialIn } from './credential.ts';
import { hasIdentityPackage, IDENTITY_PACKAGE, tokenOf } from './entra-token.ts';
import { type AzureSettings, settingsIn, settingsOf } from './settings.ts';

export type AzureAccess = {
  /** A key, where calls bear one; tokens come with `sign`. */
  keyOf(deployment: Deployment): Secret | undefined;
  sign(wire: WireRequest, deployment: Deployment): MaybePromise<WireRequest>;
  problemsOf(deployment: Deployment): readonly string[];
};

type Known = { readonly credential: Credential; readonly token: (() => MaybePromise<string>) | undefined };

/** Whom calls are made as: by a key or a token of the deployment, the options or the environment, in this order. */
export function azureAccess(options: AzureSettings, env: Environment, keyVariables: readonly string[]): AzureAccess {
  const known = new WeakMap<Deployment, Known>();
  const shared = new Map<string, () => MaybePromise<string>>();
  const fromEnvironment = settingsIn(env, keyVariables);

  /** Deployments of one application share its token. */
  function sharedToken(credential: Exclude<Credential, { kind: 'key' }>): () => MaybePromise<string> {
    if (credential.kind !== 'application' && credential.kind !== 'default') return tokenOf(credential);
    const who =
      credential.kind === 'application' ? [credential.application.tenantId, credential.application.clientId, credential.application.clientSecret.reveal()] : [];
    const name = JSON.stringify([credential.authority, credential.scope, ...who]);
    const token = shared.get(name) ?? tokenOf(credential);
    shared.set(name, token);
    return token;
  }

  function knownOf(deployment: Deployment): Known {
    const found = known.get(deployment);
    if (found) return found;
    const credential = credentialIn([settingsOf(deployment), options, fromEnvironment]);
    const made = { credential, token: credential.kind === 'key' ? undefined : sharedToken(credential) };
    known.set(deployment, made);
    return made;
  }

  return {
    keyOf(deployment) {
      const { credential } = knownOf(deployment);
      return credential.kind === 'key' ? credential.key : undefined;
    },
    sign(wire, deployment) {
      const token = knownOf(deployment).token?.();
      if (token === undefined) return wire;
      const bear = (found: string): WireRequest => ({ ...wire, headers: { ...wire.headers, authorization: `Bearer ${found}` } });
      return token instanceof Promise ? token.then(bear) : bear(token as string);
    },
    problemsOf(deployment) {
      if (knownOf(deployment).credential.kind !== 'default' || hasIdentityPackage()) return [];
      return [
        `It needs a key or a token: set apiKey (api_key), or ${keyVariables[0]} in the environment; or options.azure_ad_token; or tenant_id, client_id and client_secret; or install ${IDENTITY_PACKAGE}, which asks the machine.`,
      ];
    },
  };
}
