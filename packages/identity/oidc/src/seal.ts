import { hkdfSync } from 'node:crypto';
import { EncryptJWT, jwtDecrypt, type JWTPayload } from 'jose';

/** What a sealed text is for: one that was made for something else does not open. */
export type Purpose = 'login' | 'session' | 'record';

export type Seal = {
  /** How every text begins that is sealed for a purpose. */
  beginning(purpose: Purpose): string;
  close(purpose: Purpose, content: JWTPayload, expiresAtMs: number): Promise<string>;
  /** @throws errors of `jose` where it was not sealed here, or is over. */
  open(purpose: Purpose, text: string): Promise<JWTPayload>;
};

const ALG = 'dir';
const ENC = 'A256GCM';

/** Encrypted JSON Web Tokens. Whoever has none of the secrets can neither read nor make one. */
export function seal(secrets: readonly string[], realm: string): Seal {
  const keys = new Map<Purpose, readonly Uint8Array[]>();

  function keysFor(purpose: Purpose): readonly [Uint8Array, ...Uint8Array[]] {
    let found = keys.get(purpose);
    if (!found) keys.set(purpose, (found = secrets.map((secret) => new Uint8Array(hkdfSync('sha256', secret, realm, `sluice ${purpose}`, 32)))));
    return found as [Uint8Array, ...Uint8Array[]];
  }

  const headerFor = (purpose: Purpose) => ({ alg: ALG, enc: ENC, kid: `${realm} ${purpose}` });

  return {
    beginning: (purpose) => `${Buffer.from(JSON.stringify(headerFor(purpose))).toString('base64url')}..`,
    close: (purpose, content, expiresAtMs) =>
      new EncryptJWT(content)
        .setProtectedHeader(headerFor(purpose))
        .setExpirationTime(Math.floor(expiresAtMs / 1000))
        .encrypt(keysFor(purpose)[0]),
    async open(purpose, text) {
      const [first, ...older] = keysFor(purpose);
      const demands = { keyManagementAlgorithms: [ALG], contentEncryptionAlgorithms: [ENC], requiredClaims: ['exp'] };
      let failure: unknown;
      for (const key of [first, ...older]) {
        try {
          return (await jwtDecrypt(text, key, demands)).payload;
        } catch (error) {
          failure ??= error;
          if (!isOtherKey(error)) throw error;
        }
      }
      throw failure;
    },
  };
}

function isOtherKey(error: unknown): boolean {
  return (error as { code?: string }).code === 'ERR_JWE_DECRYPTION_FAILED';
}
