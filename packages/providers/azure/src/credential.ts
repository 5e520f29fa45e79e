import type { MaybePromise, Secret } from '@sluice/core';
import { type AzureSettings, toSecret } from './settings.ts';

/** An application that fetches tokens with a secret of its own. */
export type Application = { readonly tenantId: string; readonly clientId: string; readonly clientSecret: Secret };

export type TokenAddress = { readonly scope: string; readonly authority: string };

/** How calls get into Azure. `default`: as whoever this machine is, which Azure's own library finds out. */
export type Credential =
  | { readonly kind: 'key'; readonly key: Secret }
  | { readonly kind: 'token'; readonly token: Secret }
  | { readonly kind: 'function'; readonly getToken: () => MaybePromise<string> }
  | ({ readonly kind: 'application'; readonly application: Application } & TokenAddress)
  | ({ readonly kind: 'default' } & TokenAddress);

const DEFAULT_SCOPE = 'https://cognitiveservices.azure.com/.default';
const DEFAULT_AUTHORITY = 'https://login.microsoftonline.com';

/** The credential of the first place that names one: parts of two places are never put together. */
export function credentialIn(places: readonly AzureSettings[]): Credential {
  const scope = places.find((place) => place.scope !== undefined)?.scope ?? DEFAULT_SCOPE;
  const authority = withProtocol(places.find((place) => place.authority !== undefined)?.authority ?? DEFAULT_AUTHORITY);
  for (const place of places) {
    const credential = named(place, { scope, authority });
    if (credential) return credential;
  }
  return { kind: 'default', scope, authority };
}

function named({ apiKey, token, getToken, tenantId, clientId, clientSecret }: AzureSettings, address: TokenAddress): Credential | undefined {
  const key = toSecret(apiKey);
  if (key) return { kind: 'key', key };
  if (getToken) return { kind: 'function', getToken };
  const found = toSecret(token);
  if (found) return { kind: 'token', token: found };
  const secretOf = toSecret(clientSecret);
  if (tenantId === undefined || clientId === undefined || !secretOf) return undefined;
  return { kind: 'application', application: { tenantId, clientId, clientSecret: secretOf }, ...address };
}

/** `login.microsoftonline.de`, as it may stand in the environment, without its protocol and with a slash behind it. */
function withProtocol(authority: string): string {
  const bare = authority.replace(/\/+$/, '');
  return /^https?:\/\//.test(bare) ? bare : `https://${bare}`;
}
