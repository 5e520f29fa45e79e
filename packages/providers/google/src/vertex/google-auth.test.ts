import { generateKeyPairSync, verify } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayError } from '@sluice/core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { googleAuth } from './google-auth.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const account = {
  type: 'service_account',
  project_id: 'p',
  client_email: 'gateway@p.iam.gserviceaccount.com',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  private_key_id: '1',
};

let server: Server;
let asked: { readonly path: string; readonly form: URLSearchParams }[] = [];
let answer: { status: number; body: object };

/** As the library asks, but of a server of this test. */
const request: typeof fetch = (input, init) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(String(input)).pathname}`, init);

beforeAll(async () => {
  server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    incoming.on('end', () => {
      asked.push({ path: incoming.url ?? '', form: new URLSearchParams(body) });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  asked = [];
  answer = { status: 200, body: { access_token: 'ya29.t', token_type: 'Bearer', expires_in: 3600 } };
});

test('a service account signs a statement and is given a token for it, once for many calls', async () => {
  const authorize = googleAuth(account, request);
  const headers = await Promise.all([authorize(), authorize(), authorize()]);
  expect(headers.map(({ authorization }) => authorization)).toEqual(['Bearer ya29.t', 'Bearer ya29.t', 'Bearer ya29.t']);
  expect(await authorize()).toMatchObject({ authorization: 'Bearer ya29.t' });
  expect(asked.map(({ path }) => path)).toEqual(['/token']);
  const [head = '', claims = '', signature = ''] = (asked[0]?.form.get('assertion') ?? '').split('.');
  expect(verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    iss: 'gateway@p.iam.gserviceaccount.com',
    scope: 'https://www.googleapis.com/auth/cloud-platform',
  });
});

test('a token is renewed before its end', async () => {
  const authorize = googleAuth(account, request);
  answer = { status: 200, body: { access_token: 'ya29.short', token_type: 'Bearer', expires_in: 240 } };
  await authorize();
  answer = { status: 200, body: { access_token: 'ya29.next', token_type: 'Bearer', expires_in: 3600 } };
  expect(await authorize()).toMatchObject({ authorization: 'Bearer ya29.next' });
  expect(asked).toHaveLength(2);
});

test('a user who has signed in brings the project whose quota is used', async () => {
  const authorize = googleAuth({ type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: 'r', quota_project_id: 'q' }, request);
  expect(await authorize()).toMatchObject({ authorization: 'Bearer ya29.t', 'x-goog-user-project': 'q' });
  expect(asked[0]?.form.get('refresh_token')).toBe('r');
});

test('a refusal is told without what was sent, and not tried again; a later call may do better', async () => {
  const authorize = googleAuth(account, request);
  answer = { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
  const refused = await authorize().catch((error: unknown) => GatewayError.from(error));
  expect(refused).toMatchObject({ code: 'upstream_authentication', message: 'No access token could be had from Google: invalid_grant', retryable: false });
  answer = { status: 200, body: { access_token: 'ya29.t', token_type: 'Bearer', expires_in: 3600 } };
  expect(await authorize()).toMatchObject({ authorization: 'Bearer ya29.t' });
});

test('a key that is none is told', async () => {
  await expect(googleAuth({ ...account, private_key: 'none' }, request)()).rejects.toMatchObject({ code: 'upstream_authentication', retryable: false });
});
