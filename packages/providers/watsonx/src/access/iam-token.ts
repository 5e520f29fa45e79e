import { type Expiring, GatewayError, keptUntilExpiry, type MaybePromise, type Secret } from '@sluice/core';

export const IAM_URL = 'https://iam.cloud.ibm.com/identity/token';
const GRANT = 'urn:ibm:params:oauth:grant-type:apikey';
const LONGEST_WAIT_MS = 10_000;

/** The token that a key of IBM Cloud is exchanged for, kept until shortly before it ends. https://cloud.ibm.com/apidocs/iam-identity-token-api */
export function iamToken(key: Secret, url: string = IAM_URL): () => MaybePromise<string> {
  return keptUntilExpiry(() => exchange(key, url));
}

async function exchange(key: Secret, url: string): Promise<Expiring<string>> {
  const response = await post(key, url);
  const answer = (await response.json().catch(() => ({}))) as { readonly access_token?: unknown; readonly expires_in?: unknown; readonly errorCode?: unknown };
  // What went wrong is for the log: an answer may quote what it was asked with.
  const cause = new Error(`IBM Cloud answered ${response.status} ${String(answer.errorCode ?? '')}`);
  if (response.status >= 500 || response.status === 429) throw unreachable(cause);
  if (!response.ok || typeof answer.access_token !== 'string')
    throw new GatewayError('upstream_authentication', 'IBM Cloud gave no token for the key', { cause });
  return { value: answer.access_token, expiresAtMs: Date.now() + Number(answer.expires_in ?? 0) * 1000 };
}

async function post(key: Secret, url: string): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ grant_type: GRANT, apikey: key.reveal() }),
      redirect: 'error',
      signal: AbortSignal.timeout(LONGEST_WAIT_MS),
    });
  } catch (cause) {
    throw unreachable(cause);
  }
}

function unreachable(cause: unknown): GatewayError {
  return new GatewayError('upstream_unreachable', 'IBM Cloud could not be asked for a token', { cause, retryable: true });
}
