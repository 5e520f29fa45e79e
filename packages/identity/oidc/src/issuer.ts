import { GatewayError, keptUntilExpiry } from '@sluice/core';
import * as client from 'openid-client';
import type { Settings } from './settings.ts';

/** What the issuer says of itself is asked for again after this. */
const KEPT_MS = 3_600_000;

/** The issuer, asked for what it is when somebody first needs it. @throws GatewayError `identity_unavailable` where it does not answer. */
export function issuerOf({ issuer, clientId, clientSecret, clockToleranceMs, timeoutMs, allowHttp }: Settings): () => Promise<client.Configuration> {
  const url = new URL(issuer);
  // What may be `http:` was settled with the options, and nothing of the issuer's changes it.
  const mayBePlain = allowHttp === true || url.protocol === 'http:';
  const known = keptUntilExpiry(async () => {
    const metadata = { [client.clockTolerance]: Math.ceil(clockToleranceMs / 1000), ...(clientSecret !== undefined && { client_secret: clientSecret }) };
    const configuration = await client.discovery(url, clientId, metadata, clientSecret === undefined ? client.None() : undefined, {
      timeout: timeoutMs / 1000,
      // Tokens come straight from the issuer; their signatures are checked all the same.
      execute: [client.enableNonRepudiationChecks, ...(mayBePlain ? [client.allowInsecureRequests] : [])],
    });
    return { value: configuration, expiresAtMs: Date.now() + KEPT_MS };
  });
  return async () => {
    try {
      return await known();
    } catch (error) {
      throw unavailable(error);
    }
  };
}

/** What went wrong goes no further than its kind: an error of the library may hold the answer of the issuer. */
export function unavailable(error: unknown): GatewayError {
  return new GatewayError('identity_unavailable', `The login provider cannot be used at the moment: ${kindOf(error)}`, { retryable: true });
}

function kindOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return String(typeof code === 'string' ? code : (name ?? 'unknown')).slice(0, 80);
}
