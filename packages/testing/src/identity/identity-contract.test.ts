import { createHash } from 'node:crypto';
import { defineIdentity, GatewayError, type Identity, type IdentityRoute } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { identityContract } from './identity-contract.ts';

const KNOWN = 'badge-7c1d9f0e2b3a4855';
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Sessions of an app of one's own, under hashes. */
function badges(more: Partial<Identity> = {}): Identity {
  const known = new Map([[hash(KNOWN), 'ann']]);
  return defineIdentity({
    name: 'badges',
    identify({ credential }) {
      const userId = known.get(hash(credential));
      return userId === undefined ? undefined : { keyId: `badges/${userId}`, userId };
    },
    ...more,
  });
}

describe('the contract of identities holds for one of an app of its own', () => {
  it.each(identityContract(() => ({ identity: badges(), known: KNOWN })))('$name', ({ run }) => run());
  const cookie = { name: 'badge', origin: 'https://ai.example.com' };
  it.each(identityContract(() => ({ identity: badges({ cookie, recognizes: (credential) => credential.startsWith('badge-') }), known: KNOWN })))(
    'with a cookie: $name',
    ({ run }) => run(),
  );
});

async function broken(identity: Partial<Identity>): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, run } of identityContract(() => ({ identity: badges(identity), known: KNOWN }))) await run().catch(() => failed.push(name));
  return failed;
}

describe('the contract is broken by an identity that', () => {
  const page = (location: string): IdentityRoute => ({ method: 'GET', path: '/in', answer: () => ({ status: 302, headers: { location }, body: '' }) });
  it.each<[string, Partial<Identity>]>([
    ['has no name', { name: '' }],
    ['goes by how a credential begins', { identify: ({ credential }) => (credential.startsWith('badge-7c1d9f') ? { keyId: 'k' } : undefined) }],
    ['names another key for every call', { identify: () => ({ keyId: String(Math.random()) }) }],
    ['does not know its own', { recognizes: () => false }],
    ['fails by errors of its own', { identify: () => Promise.reject(new Error('no such row')) }],
    ['quotes what it was shown', { identify: ({ credential }) => Promise.reject(new GatewayError('invalid_credentials', `Not ${credential}`)) }],
    ['leads elsewhere', { routes: [page('https://elsewhere.example/?a')] }],
  ])('%s', async (_, identity) => {
    expect(await broken(identity)).not.toEqual([]);
  });
});
