import { createRequire } from 'node:module';
import { type Expiring, GatewayError, keptUntilExpiry, type MaybePromise } from '@sluice/core';
import type { Application, Credential, TokenAddress } from './credential.ts';

/** Finds out who this machine is: Azure's own library, which who has a key, a token or a secret need not have. */
export const IDENTITY_PACKAGE = '@azure/identity';
const LONGEST_WAIT_MS = 10_000;

export function hasIdentityPackage(): boolean {
  try {
    createRequire(import.meta.url).resolve(IDENTITY_PACKAGE);
    return true;
  } catch {
    return false;
  }
}

/** The token of `credential`, fetched where it has to be, and kept until shortly before it ends. */
export function tokenOf(credential: Exclude<Credential, { kind: 'key' }>): () => MaybePromise<string> {
  switch (credential.kind) {
    case 'token':
      return () => credential.token.reveal();
    case 'function':
      return credential.getToken;
    case 'application':
      return keptUntilExpiry(told(() => ofApplication(credential.application, credential)));
    case 'default':
      return keptUntilExpiry(told(() => ofMachine(credential.scope)));
  }
}

/** Why no token came is for the log: an answer may quote what it was asked with. */
function told(load: () => Promise<Expiring<string>>): () => Promise<Expiring<string>> {
  return async () => {
    try {
      return await load();
    } catch (cause) {
      throw new GatewayError('upstream_authentication', 'No token of Entra ID could be had', { cause });
    }
  };
}

/** https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
async function ofApplication({ tenantId, clientId, clientSecret }: Application, { authority, scope }: TokenAddress): Promise<Expiring<string>> {
  const response = await fetch(`${authority}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret.reveal(), scope }),
    redirect: 'error',
    signal: AbortSignal.timeout(LONGEST_WAIT_MS),
  });
  const answer = (await response.json()) as { readonly access_token?: unknown; readonly expires_in?: unknown; readonly error?: unknown };
  if (!response.ok || typeof answer.access_token !== 'string') throw new Error(`Entra ID answered ${response.status} ${String(answer.error ?? '')}`);
  return { value: answer.access_token, expiresAtMs: Date.now() + Number(answer.expires_in ?? 0) * 1000 };
}

async function ofMachine(scope: string): Promise<Expiring<string>> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  const { token, expiresOnTimestamp } = await new DefaultAzureCredential().getToken(scope);
  return { value: token, expiresAtMs: expiresOnTimestamp };
}
