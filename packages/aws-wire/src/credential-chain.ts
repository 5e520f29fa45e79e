import { createRequire } from 'node:module';
import { GatewayError, type MaybePromise } from '@sluice/core';
import type { AwsKeys, Identity, Role } from './identity.ts';

/** Keys that may end. */
type Credentials = AwsKeys & { readonly expiration?: Date };

type Load = () => Promise<Credentials>;

/** Finds keys in files, at the machine and by taking on roles: AWS's own library, which who signs with plain keys need not have. */
export const CHAIN_PACKAGE = '@aws-sdk/credential-providers';
/** Keys are renewed before they end, as a call that was signed may still wait. */
const RENEW_BEFORE_MS = 5 * 60 * 1000;

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
  return kept(async () => {
    try {
      return await (await loader(identity, region))();
    } catch (cause) {
      throw new GatewayError('upstream_authentication', 'No credentials for AWS could be found', { cause });
    }
  });
}

/** One look-up at a time, however many calls wait for it; one that failed is not remembered. */
export function kept(load: Load, now: () => number = Date.now): () => MaybePromise<AwsKeys> {
  let current: Credentials | undefined;
  let pending: Promise<AwsKeys> | undefined;
  return () => {
    if (current && (current.expiration === undefined || current.expiration.getTime() - RENEW_BEFORE_MS > now())) return current;
    pending ??= load()
      .then((found) => (current = found))
      .finally(() => (pending = undefined));
    return pending;
  };
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
