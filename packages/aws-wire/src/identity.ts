import { revealed, type Secret } from '@sluice/core';
import type { AwsSettings } from './aws-settings.ts';

export type AwsKeys = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

export type Role = {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly externalId: string | undefined;
  readonly webIdentityToken: string | undefined;
  readonly stsEndpoint: string | undefined;
  /** Who takes the role on. Without keys: whoever the chain finds. */
  readonly keys: AwsKeys | undefined;
};

/** Whom calls to AWS are made as. */
export type Identity =
  | { readonly kind: 'bearer'; readonly key: Secret }
  | { readonly kind: 'keys'; readonly keys: AwsKeys }
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'profile'; readonly profile: string }
  | { readonly kind: 'chain' };

const DEFAULT_SESSION_NAME = 'sluice';

/** The identity of the first place that names one: parts of two places are never put together. */
export function identityIn(places: readonly AwsSettings[]): Identity {
  for (const place of places) {
    const identity = named(place);
    if (identity) return identity;
  }
  return { kind: 'chain' };
}

/** Half a pair of keys, which signs nothing. */
export function halfKeys({ accessKeyId, secretAccessKey }: AwsSettings): boolean {
  return (revealed(accessKeyId) === undefined) !== (revealed(secretAccessKey) === undefined);
}

function named(settings: AwsSettings): Identity | undefined {
  const { apiKey: key, roleArn, profile } = settings;
  const keys = keysIn(settings);
  if (key) return { kind: 'bearer', key };
  if (roleArn !== undefined) return { kind: 'role', role: roleIn(settings, roleArn, keys) };
  if (keys) return { kind: 'keys', keys };
  return profile === undefined ? undefined : { kind: 'profile', profile };
}

function keysIn(settings: AwsSettings): AwsKeys | undefined {
  const [accessKeyId, secretAccessKey, sessionToken] = [settings.accessKeyId, settings.secretAccessKey, settings.sessionToken].map(revealed);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}

function roleIn({ roleSessionName, externalId, webIdentityToken, stsEndpoint }: AwsSettings, roleArn: string, keys: AwsKeys | undefined): Role {
  return { roleArn, sessionName: roleSessionName ?? DEFAULT_SESSION_NAME, externalId, webIdentityToken: revealed(webIdentityToken), stsEndpoint, keys };
}
