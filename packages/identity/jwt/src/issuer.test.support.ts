import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export const ISSUER = 'https://id.example.com';
export const AUDIENCE = 'gateway';

export type Signer = {
  readonly publicKey: JWK;
  /** A token that is good for five minutes, with other claims and headers where they are given. */
  sign(claims?: object, header?: { readonly kid?: string; readonly [name: string]: unknown }): Promise<string>;
};

export async function signer(alg: string, kid: string | undefined = `${alg}-1`): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const named = kid === undefined ? {} : { kid };
  return {
    publicKey: { ...(await exportJWK(publicKey)), ...named },
    sign(claims = {}, header = named) {
      const now = Math.floor(Date.now() / 1000);
      const standard = { iss: ISSUER, aud: AUDIENCE, sub: 'ann', iat: now, exp: now + 300 };
      return new SignJWT({ ...standard, ...claims }).setProtectedHeader({ alg, ...header }).sign(privateKey);
    },
  };
}

export type KeyServer = { readonly url: string; keys: readonly unknown[]; status: number; asked: number; delayMs: number; close(): Promise<void> };

/** Publishes keys on this machine. */
export async function keyServer(keys: readonly unknown[]): Promise<KeyServer> {
  const server = createServer((_, res) => {
    state.asked += 1;
    setTimeout(() => res.writeHead(state.status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: state.keys })), state.delayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const state: KeyServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    keys,
    status: 200,
    asked: 0,
    delayMs: 0,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return state;
}
