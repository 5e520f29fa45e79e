import { byClaims, ConfigurationError, GatewayError, type Identity } from '@sluice/core';
import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import { KeysUnavailable, keySource } from './key-source.ts';
import { ALGORITHMS, type JwtOptions } from './options.ts';
import { findProblems } from './problems.ts';

const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** No header is longer. */
const LONGEST_TOKEN = 64 * 1024;

/**
 * Callers with tokens of a provider of identities, each checked anew for every call: nothing is remembered of a token.
 * @throws ConfigurationError naming every mistake.
 *
 * @example
 * gateway({ masterKey, identities: [jwt({ jwksUrl: 'https://id.example.com/keys', issuer: 'https://id.example.com', audience: 'gateway' })] });
 */
export function jwt(options: JwtOptions): Identity {
  const problems = findProblems(options);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const { name = 'jwt', issuer, audience, algorithms = ALGORITHMS, clockToleranceMs = 30_000, timeoutMs = 3_000 } = options;
  const keys = keysOf(options, timeoutMs);
  const issuers = anybody(issuer);
  const audiences = anybody(audience);
  const demands: JWTVerifyOptions = {
    algorithms: [...algorithms],
    clockTolerance: Math.ceil(clockToleranceMs / 1000),
    requiredClaims: ['exp'],
    ...(issuers && { issuer: [...issuers] }),
    ...(audiences && { audience: [...audiences] }),
  };

  return {
    name,
    // The keys may be fetched twice for one call: for they were old, and for one that is not among them.
    timeoutMs: 2 * timeoutMs + 1_000,
    recognizes: (credential) => credential.length <= LONGEST_TOKEN && COMPACT.test(credential) && isTheirs(credential),
    async identify({ credential }) {
      return byClaims(await verified(credential, keys, demands), { ...options, name });
    },
  };

  /** What others have issued is left to who knows them. Nothing is believed of it yet. */
  function isTheirs(token: string): boolean {
    try {
      const { iss } = decodeJwt(token);
      return issuers === undefined || (iss !== undefined && issuers.includes(iss));
    } catch {
      return false;
    }
  }
}

function keysOf({ jwksUrl, keys = [], keysTtlMs = 600_000, keysOutageMs = 86_400_000, cooldownMs = 30_000 }: JwtOptions, timeoutMs: number): JWTVerifyGetKey {
  if (jwksUrl === undefined) return createLocalJWKSet({ keys: [...keys] });
  return keySource({ url: jwksUrl, ttlMs: keysTtlMs, outageMs: keysOutageMs, cooldownMs, timeoutMs });
}

function anybody(names: string | readonly string[]): readonly string[] | undefined {
  const all = typeof names === 'string' ? [names] : names;
  return all.includes('*') ? undefined : all;
}

async function verified(token: string, keys: JWTVerifyGetKey, demands: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, demands)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw refusal(error);
    return verifiedByAny(token, error, demands);
  }
}

/** A token that names no key may be signed by each that is of its kind. */
async function verifiedByAny(token: string, keys: errors.JWKSMultipleMatchingKeys, demands: JWTVerifyOptions): Promise<JWTPayload> {
  for await (const key of keys) {
    try {
      return (await jwtVerify(token, key, demands)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw refusal(error);
    }
  }
  throw new GatewayError('invalid_credentials', 'The signature of the token is not by a key of its issuer');
}

/** Claims are looked at only after the signature, so what is told of them is told to who has a real token. */
function refusal(error: unknown): Error {
  if (error instanceof KeysUnavailable) return new GatewayError('identity_unavailable', error.message, { retryable: true });
  if (error instanceof errors.JWTExpired) return new GatewayError('key_expired', 'The token has expired');
  if (error instanceof errors.JWTClaimValidationFailed)
    return new GatewayError(
      'invalid_credentials',
      `The claim '${error.claim}' of the token ${error.reason === 'missing' ? 'is missing' : (WRONG[error.claim] ?? 'is wrong')}`,
    );
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed)
    return new GatewayError('invalid_credentials', 'The signature of the token is not by a key of its issuer');
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return new GatewayError('invalid_credentials', 'The token is signed in a way that is not taken here');
  if (error instanceof errors.JOSEError) return new GatewayError('invalid_credentials', 'The token is malformed');
  return error as Error;
}

const WRONG: Readonly<Record<string, string>> = {
  aud: 'names others, and not this gateway',
  iss: 'names an issuer that is not known here',
  nbf: 'says that it is not valid yet',
};
