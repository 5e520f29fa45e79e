import { GatewayError, type JsonObject } from '@sluice/core';
import type { AuthClient, GoogleAuthOptions } from 'google-auth-library';

/** Headers that allow one call: the token, and whose quota it uses. */
export type Authorize = () => Promise<Readonly<Record<string, string>>>;

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const LONGEST_WAIT_MS = 10_000;
const NOTHING_FOUND = 'there are no credentials on this machine, or they cannot be used; set vertex_credentials or GOOGLE_APPLICATION_CREDENTIALS';

/**
 * Tokens for what `credentials` hold, or for whatever this machine is allowed. One is kept until five minutes before
 * its end; calls that come while a new one is fetched share it.
 * @throws GatewayError `upstream_authentication`, from the function it gives back.
 */
export function googleAuth(credentials: JsonObject | undefined, request: typeof fetch = fetch): Authorize {
  let client: Promise<AuthClient> | undefined;
  return async () => {
    try {
      client ??= open(credentials, request);
      return Object.fromEntries(await (await client).getRequestHeaders());
    } catch (cause) {
      client = undefined;
      throw toError(cause);
    }
  };
}

/** Loaded when it is needed: whoever has a key pays nothing for it. */
async function open(credentials: JsonObject | undefined, request: typeof fetch): Promise<AuthClient> {
  const { GoogleAuth } = await import('google-auth-library');
  const options: GoogleAuthOptions = {
    scopes: SCOPE,
    clientOptions: { transporterOptions: { timeout: LONGEST_WAIT_MS, fetchImplementation: request } },
    ...(credentials && { credentials }),
  };
  return new GoogleAuth(options).getClient();
}

type Refusal = {
  readonly status?: number;
  readonly code?: unknown;
  readonly response?: { readonly status?: number; readonly data?: { readonly error?: unknown } };
};

/** The library's own messages may hold what was sent; of Google's answer only the word for the error is told. */
function toError(cause: unknown): GatewayError {
  const { code, response, status = response?.status } = cause as Refusal;
  const word = response?.data?.error;
  // Node's own codes, of a key that cannot be read; those of connections have other names.
  const isUnable = status === undefined && (code === undefined || String(code).startsWith('ERR_'));
  const isRefused = status !== undefined && status >= 400 && status < 500 && status !== 429;
  const said = isUnable ? NOTHING_FOUND : typeof word === 'string' ? word.slice(0, 100) : status === undefined ? String(code) : `status ${status}`;
  return new GatewayError('upstream_authentication', `No access token could be had from Google: ${said}`, { cause, retryable: !isUnable && !isRefused });
}
