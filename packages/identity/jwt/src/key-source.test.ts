import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '@sluice/core';
import { presented } from '@sluice/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AUDIENCE, ISSUER, type KeyServer, keyServer, type Signer, signer } from './issuer.test.support.ts';
import { jwt } from './jwt.ts';
import type { JwtOptions } from './options.ts';

let old: Signer;
let fresh: Signer;
let server: KeyServer;
beforeEach(async () => {
  [old, fresh] = await Promise.all([signer('ES256', 'old'), signer('ES256', 'fresh')]);
  server = await keyServer([old.publicKey]);
});
afterEach(() => server.close());

function asker(options: Partial<JwtOptions> = {}): (token: string) => Promise<string | undefined> {
  const identity = jwt({ jwksUrl: server.url, issuer: ISSUER, audience: AUDIENCE, cooldownMs: 0, ...options });
  return async (credential) => {
    try {
      const found = await identity.identify(presented(credential));
      return found?.userId;
    } catch (error) {
      return GatewayError.is(error) ? error.code : String(error);
    }
  };
}

describe('keys by address', () => {
  test('are fetched once for many calls', async () => {
    const ask = asker();
    const token = await old.sign();
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => ask(token))))).toEqual(new Set(['ann']));
    expect(await ask(token)).toBe('ann');
    expect(server.asked).toBe(1);
  });

  test('are fetched again for one that is not known yet', async () => {
    const ask = asker();
    expect(await ask(await old.sign())).toBe('ann');
    server.keys = [fresh.publicKey];
    expect(await ask(await fresh.sign())).toBe('ann');
    expect(await ask(await old.sign())).toBe('invalid_credentials');
  });

  test('are not fetched for every name that somebody makes up', async () => {
    const ask = asker({ cooldownMs: 60_000 });
    expect(await ask(await old.sign())).toBe('ann');
    for (let i = 0; i < 20; i += 1) expect(await ask(await old.sign({}, { kid: `made-up-${i}` }))).toBe('invalid_credentials');
    expect(server.asked).toBe(1);
  });

  test('that are old are fetched again, so that one that was withdrawn opens nothing', async () => {
    const ask = asker({ keysTtlMs: 30 });
    const token = await old.sign();
    expect(await ask(token)).toBe('ann');
    server.keys = [fresh.publicKey];
    await sleep(40);
    expect(await ask(token)).toBe('invalid_credentials');
  });

  test('go on while their address is away, for so long and no longer', async () => {
    const token = await old.sign();
    const [patient, impatient] = [asker({ keysTtlMs: 1 }), asker({ keysTtlMs: 1, keysOutageMs: 1 })];
    expect([await patient(token), await impatient(token)]).toEqual(['ann', 'ann']);
    server.status = 500;
    await sleep(10);
    expect(await patient(token)).toBe('ann');
    expect(await patient(await fresh.sign())).toBe('invalid_credentials');
    expect(await impatient(token)).toBe('identity_unavailable');
    server.status = 200;
    expect(await impatient(token)).toBe('ann');
  });

  test('that cannot be had let nobody in, and soon', async () => {
    server.delayMs = 5_000;
    expect(await asker({ timeoutMs: 30 })(await old.sign())).toBe('identity_unavailable');
    server.delayMs = 0;
    server.keys = 'nonsense' as never;
    expect(await asker()(await old.sign())).toBe('identity_unavailable');
  });

  test('among which one is unfit or a shared secret are of use all the same', async () => {
    server.keys = [{ kty: 'oct', k: 'AAAA', kid: 'old' }, { kty: 'EC', crv: 'P-256', kid: 'broken', x: '!' }, old.publicKey];
    const ask = asker();
    expect(await ask(await old.sign())).toBe('ann');
    expect(await ask(await old.sign({}, { kid: 'broken' }))).not.toBe('ann');
  });
});
