import { createRequire } from 'node:module';
import { GatewayError, keptUntilExpiry, type MaybePromise } from '@sluice/core';
import type { AwsKeys, Identity, Role } from './identity.ts';

/** Keys that may end. */
type Credentials = AwsKeys & { readonly expiration?: Date };

type Load = () => Promise<Credentials>;

/** Finds keys in files, at the machine and by taking on roles: AWS's own library, which who signs with plain keys need not have. */
export const CHAIN_PACKAGE = '@aws-sdk/credential-providers';

/** Whether the library for `identity` is there, where it needs one. */
export function canResolve({ kind }: Identity): boolean {
  if (kind === 'bearer' || kind === 'keys') return true;
  try {
    createRequire(import.meta.url).resolve(CHAIN_PACKAGE);
    return true;
  } catch {
    return false;
  }
}

/** The keys of `identity`, looked up once and kept until shortly before they end. */
export function keysOf(identity: Exclude<Identity, { kind: 'bearer' }>, region: string | undefined): () => MaybePromise<AwsKeys> {
  if (identity.kind === 'keys') return () => identity.keys;
  return keptUntilExpiry(async () => {
    try {
      const found = await (await loader(identity, region))();
      return { value: found, expiresAtMs: found.expiration?.getTime() };
    } catch (cause) {
      throw new GatewayError('upstream_authentication', 'No credentials for AWS could be found', { cause });
    }
  });
}

async function loader(identity: Exclude<Identity, { kind: 'bearer' | 'keys' }>, region: string | undefined): Promise<Load> {
  const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
  const clientConfig = region === undefined ? {} : { clientConfig: { region } };
  if (identity.kind === 'role') return ofRole(identity.role, region);
  return fromNodeProviderChain({ ...clientConfig, ...(identity.kind === 'profile' && { profile: identity.profile }) });
}

async function ofRole({ roleArn, sessionName, externalId, webIdentityToken, stsEndpoint, keys }: Role, region: string | undefined): Promise<Load> {
  const { fromTemporaryCredentials, fromWebToken } = await import('@aws-sdk/credential-providers');
  const clientConfig = { ...(region !== undefined && { region }), ...(stsEndpoint !== undefined && { endpoint: stsEndpoint }) };
  if (webIdentityToken !== undefined) return fromWebToken({ roleArn, roleSessionName: sessionName, webIdentityToken, clientConfig });
  return fromTemporaryCredentials({
    params: { RoleArn: roleArn, RoleSessionName: sessionName, ...(externalId !== undefined && { ExternalId: externalId }) },
    clientConfig,
    ...(keys && { masterCredentials: keys }),
  });
}
