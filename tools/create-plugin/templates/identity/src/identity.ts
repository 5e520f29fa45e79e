import { defineIdentity, GatewayError, type Identified, type Identity } from '@sluice/core';

export type SampleNameIdentityOptions = {
  /** Asked by GET for whom a credential stands, which comes as `authorization: Bearer …`. */
  readonly url: string;
  /** How its credentials begin; others are left to other identities. Default: any may be one. */
  readonly prefix?: string;
  /** The longest wait for one answer, in milliseconds. Default 3000. */
  readonly timeoutMs?: number;
  /** Begins the ids of its callers in records. Default `sample-name`. */
  readonly name?: string;
};

/**
 * Callers whom another service knows. It answers `{ "user": "ann", "team": "red" }`, or 401 for who is nobody.
 *
 * @example
 * createGateway({ masterKey, identities: [sampleNameIdentity({ url: 'https://people.example/whoami' })] });
 */
export function sampleNameIdentity({ url, prefix = '', timeoutMs = 3000, name = 'sample-name' }: SampleNameIdentityOptions): Identity {
  return defineIdentity({
    name,
    timeoutMs,
    // What no header takes can be nobody's.
    recognizes: (credential) => credential.startsWith(prefix) && /^[\x21-\x7e]{1,4096}$/.test(credential),
    async identify({ credential, signal }): Promise<Identified | undefined> {
      const response = await fetch(url, { headers: { authorization: `Bearer ${credential}` }, redirect: 'error', signal });
      if (response.status === 401) return undefined;
      if (!response.ok) throw new GatewayError('identity_unavailable', `The service answered ${response.status}`, { retryable: true });
      const { user, team } = (await response.json()) as { readonly user?: unknown; readonly team?: unknown };
      if (typeof user !== 'string' || user === '') throw new GatewayError('identity_unavailable', 'The service names nobody');
      return { keyId: `${name}/user/${user}`, userId: user, ...(typeof team === 'string' && { teamId: team }) };
    },
  });
}
