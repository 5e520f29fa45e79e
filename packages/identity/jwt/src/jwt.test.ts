import { createHmac } from 'node:crypto';
import { ConfigurationError, GatewayError, type Identified } from '@sluice/core';
import { identityContract, presented } from '@sluice/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { AUDIENCE, ISSUER, type Signer, signer } from './issuer.test.support.ts';
import { jwt } from './jwt.ts';
import type { JwtOptions } from './options.ts';

let rsa: Signer;
let others: Signer;
beforeAll(async () => {
  [rsa, others] = await Promise.all([signer('RS256'), signer('RS256')]);
});

const now = (): number => Math.floor(Date.now() / 1000);
const base = (token: object): string => Buffer.from(JSON.stringify(token)).toString('base64url');

type Answer = Identified | string | undefined;

/** Whom a token stands for, the code of its refusal, or nothing where it is left to others. */
async function ask(token: string, options: Partial<JwtOptions> = {}): Promise<Answer> {
  const keys = options.jwksUrl === undefined ? { keys: [rsa.publicKey] } : {};
  const identity = jwt({ ...keys, issuer: ISSUER, audience: AUDIENCE, ...options });
  if (!identity.recognizes?.(token)) return undefined;
  try {
    return await identity.identify(presented(token));
  } catch (error) {
    return GatewayError.is(error) ? error.code : Promise.reject(error);
  }
}

describe('the contract of identities', () => {
  const made = async () => ({ identity: jwt({ keys: [rsa.publicKey], issuer: ISSUER, audience: AUDIENCE }), known: await rsa.sign() });
  test.each(identityContract(made))('$name', ({ run }) => run());
});

describe('a token', () => {
  test.each(['RS256', 'PS384', 'ES256', 'ES512', 'EdDSA'])('signed by %s is taken', async (alg) => {
    const key = await signer(alg);
    expect(await ask(await key.sign(), { keys: [key.publicKey] })).toMatchObject({ userId: 'ann', keyId: 'jwt/user/ann' });
  });

  test('is taken where its clock differs a little, and refused where it differs more', async () => {
    expect(await ask(await rsa.sign({ exp: now() - 10 }))).toMatchObject({ userId: 'ann' });
    expect(await ask(await rsa.sign({ exp: now() - 60 }))).toBe('key_expired');
    expect(await ask(await rsa.sign({ exp: now() - 10 }), { clockToleranceMs: 0 })).toBe('key_expired');
    expect(await ask(await rsa.sign({ nbf: now() + 10 }))).toMatchObject({ userId: 'ann' });
    expect(await ask(await rsa.sign({ nbf: now() + 60 }))).toBe('invalid_credentials');
  });

  test.each<[string, object]>([
    ['for somebody else', { aud: 'other' }],
    ['for nobody', { aud: undefined }],
    ['without an end', { exp: undefined }],
    ['whose end is no time', { exp: 'never' }],
    ['of nobody', { sub: undefined }],
    ['of a name without end', { sub: 'x'.repeat(300) }],
  ])('%s is refused', async (_, claims) => {
    expect(await ask(await rsa.sign(claims))).toBe('invalid_credentials');
  });

  test('for several is taken by each of them', async () => {
    expect(await ask(await rsa.sign({ aud: ['other', AUDIENCE] }))).toMatchObject({ userId: 'ann' });
    expect(await ask(await rsa.sign({ aud: 'second' }), { audience: [AUDIENCE, 'second'] })).toMatchObject({ userId: 'ann' });
    expect(await ask(await rsa.sign({ aud: 'anybody' }), { audience: '*' })).toMatchObject({ userId: 'ann' });
  });

  test('of another issuer, and what is no token, is left to others', async () => {
    expect(await ask(await rsa.sign({ iss: 'https://other.example.com' }))).toBeUndefined();
    expect(await ask(await rsa.sign({ iss: undefined }))).toBeUndefined();
    for (const text of ['sk-1234', 'a.b.c', 'a.b', '', `${base({})}.${base([])}.x`]) expect(await ask(text)).toBeUndefined();
  });
});

describe('a forged token is refused', () => {
  const claims = { iss: ISSUER, aud: AUDIENCE, sub: 'ann', exp: 4_102_444_800 };

  test('signed by nobody', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) expect(await ask(`${base({ alg })}.${base(claims)}.AA`)).toBe('invalid_credentials');
    expect(await ask(`${base({ alg: 'none' })}.${base(claims)}.`)).toBeUndefined();
  });

  test('signed with the public key as if it were a shared secret', async () => {
    const head = `${base({ alg: 'HS256', kid: rsa.publicKey.kid })}.${base(claims)}`;
    for (const secret of [rsa.publicKey.n ?? '', JSON.stringify(rsa.publicKey), JSON.stringify({ keys: [rsa.publicKey] })]) {
      expect(await ask(`${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`)).toBe('invalid_credentials');
    }
  });

  test('signed by another key under the same name, or with a key that it brings along', async () => {
    expect(await ask(await others.sign())).toBe('invalid_credentials');
    expect(await ask(await others.sign({}, { jwk: others.publicKey }))).toBe('invalid_credentials');
    expect(await ask(await others.sign({}, { jku: 'http://127.0.0.1:9/keys', kid: 'theirs' }))).toBe('invalid_credentials');
  });

  test('whose claims were changed, or whose signature was cut', async () => {
    const [head = '', body = '', signature = ''] = (await rsa.sign()).split('.');
    expect(await ask(`${head}.${base({ ...claims, sub: 'root' })}.${signature}`)).toBe('invalid_credentials');
    expect(await ask(`${head}.${body}.${signature.slice(0, -4)}`)).toBe('invalid_credentials');
    expect(await ask(`${head}.${base({ ...claims, pad: 'x'.repeat(70_000) })}.${signature}`)).toBeUndefined();
  });

  test('signed in a way that is not on the list', async () => {
    const elliptic = await signer('ES256');
    expect(await ask(await elliptic.sign(), { keys: [elliptic.publicKey], algorithms: ['RS256'] })).toBe('invalid_credentials');
    expect(await ask(await rsa.sign(), { keys: [{ ...rsa.publicKey, alg: 'RS512' }] })).toBe('invalid_credentials');
  });

  test('that begins like one that was let in a moment ago', async () => {
    const identity = jwt({ keys: [rsa.publicKey], issuer: ISSUER, audience: AUDIENCE });
    const token = await rsa.sign();
    const asked = (credential: string): unknown => identity.identify(presented(credential));
    expect(await asked(token)).toMatchObject({ userId: 'ann' });
    await expect(asked(`${token.slice(0, token.lastIndexOf('.'))}.AAAA`)).rejects.toMatchObject({ code: 'invalid_credentials' });
  });
});

test('a token that names no key is tried with each of its kind', async () => {
  const nameless = await signer('RS256', undefined);
  expect(await ask(await nameless.sign(), { keys: [rsa.publicKey, others.publicKey, nameless.publicKey] })).toMatchObject({ userId: 'ann' });
  expect(await ask(await nameless.sign(), { keys: [rsa.publicKey, others.publicKey] })).toBe('invalid_credentials');
});

describe('options', () => {
  const good = { keys: [{ kty: 'OKP' }], issuer: 'i', audience: 'a' };
  test.each<[string, object, string]>([
    ['no issuer', { keys: good.keys, audience: 'a' }, 'issuer'],
    ['no audience', { keys: good.keys, issuer: 'i' }, 'audience'],
    ['no keys', { issuer: 'i', audience: 'a' }, 'jwksUrl'],
    ['both', { ...good, jwksUrl: 'https://a.example.com' }, 'jwksUrl'],
    ['no address', { issuer: 'i', audience: 'a', jwksUrl: 'keys' }, 'jwksUrl'],
    ['an address that others can answer at', { issuer: 'i', audience: 'a', jwksUrl: 'http://id.example.com/keys' }, 'jwksUrl'],
    ['a shared secret', { ...good, keys: [{ kty: 'oct', k: 'AA' }] }, 'keys'],
    ['a private key', { ...good, keys: [{ kty: 'EC', d: 'AA' }] }, 'keys'],
    ['no signature', { ...good, algorithms: ['none'] }, 'algorithms'],
    ['a shared secret as signature', { ...good, algorithms: ['HS256'] }, 'algorithms'],
    ['a slip', { ...good, algoritms: ['RS256'] }, 'algoritms'],
    ['a slip in the claims', { ...good, claims: { usr: 'sub' } }, 'claims.usr'],
    ['a role that is none', { ...good, roles: { boss: 'root' } }, 'roles'],
  ])('with %s are told at once', (_, options, place) => {
    try {
      jwt(options as JwtOptions);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      expect((error as ConfigurationError).problems.map((problem) => problem.place)).toContain(place);
    }
  });
});
