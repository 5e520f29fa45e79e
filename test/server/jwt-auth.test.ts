import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, type DirectoryStore, type Gateway, type JsonObject, memoryDirectoryStore } from '@sluice/core';
import { readConfig } from '@sluice/config';
import { identity } from '@sluice/identity-jwt';
import { demo } from '@sluice/provider-demo';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const FILE = `
general_settings:
  master_key: sk-0123456789abcdef
  enable_jwt_auth: true
  litellm_jwtauth:
    team_ids_jwt_field: groups
    admin_jwt_scope: gateway_admin
    user_id_upsert: true
`;

/** In the place of the package, for the configuration loads packages that are built: its options are what is looked at. */
const ECHO = "exports.identity = { create: (options) => ({ name: 'jwt', options, identify: () => undefined }) };";

const folder = mkdtempSync(join(tmpdir(), 'sluice-jwt-'));
const store: DirectoryStore = memoryDirectoryStore();
let keys: Server;
let gateway: Gateway;
let sign: (claims: object) => Promise<string>;

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one' };
  keys = createServer((_, res) => res.end(JSON.stringify({ keys: [jwk] }))).listen(0, '127.0.0.1');
  await once(keys, 'listening');
  sign = (claims) =>
    new SignJWT({ iss: 'https://id.example.com', aud: 'gateway', sub: 'ann', exp: Math.floor(Date.now() / 1000) + 60, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(privateKey);

  mkdirSync(join(folder, 'node_modules/@sluice/identity-jwt'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/@sluice/identity-jwt/index.js'), ECHO);
  writeFileSync(join(folder, 'litellm_config.yaml'), FILE);
  const env = {
    JWT_PUBLIC_KEY_URL: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/keys`,
    JWT_ISSUER: 'https://id.example.com',
    JWT_AUDIENCE: 'gateway',
  };
  const { identities = [], ...options } = readConfig(join(folder, 'litellm_config.yaml'), { env }).options;
  const [read] = identities as unknown as readonly { readonly options: JsonObject }[];
  await store.write(
    [
      { kind: 'team', id: 'red', from: 0, body: { models: ['small'] } },
      { kind: 'team', id: 'poor', from: 0, body: { models: ['large'], max_budget: 0 } },
    ],
    [],
  );
  const models = ['small', 'large'].map((name) => ({
    name,
    deployments: [{ id: name, provider: 'demo', model: name, price: { input: 1_000_000_000, output: 1_000_000_000 } }],
  }));
  gateway = createGateway({ ...options, directory: store, providers: [demo()], models, identities: [identity.create(read?.options ?? {})] });
});

afterAll(async () => {
  await gateway.close();
  keys.closeAllConnections();
  keys.close();
  rmSync(folder, { recursive: true });
});

async function send(path: string, token: string, body?: object): Promise<{ status: number; code: string | undefined; answer: Record<string, unknown> }> {
  const reply = await gateway.fetch(`http://sluice${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = (await reply.json()) as Record<string, unknown> & { error?: { code: string } };
  return { status: reply.status, code: answer.error?.code, answer };
}

const chat = (token: string, model: string): ReturnType<typeof send> =>
  send('/v1/chat/completions', token, { model, messages: [{ role: 'user', content: 'hi' }] });

describe('a file of LiteLLM with tokens', () => {
  it('lets a call of a team through, for the models of the team', async () => {
    const token = await sign({ groups: ['nowhere', 'red'] });
    expect(await chat(token, 'small')).toMatchObject({ status: 200 });
    expect(await chat(token, 'large')).toMatchObject({ status: 403, code: 'model_not_allowed' });
    expect(await send('/v1/models', token)).toMatchObject({ answer: { data: [{ id: 'small' }] } });
  });

  it("counts a call against the team's budget", async () => {
    expect(await chat(await sign({ groups: ['poor'] }), 'large')).toMatchObject({ status: 402, code: 'budget_exceeded' });
  });

  it('refuses a team that nobody has made, and makes a user, who is in the trail', async () => {
    expect(await chat(await sign({ sub: 'eve', groups: ['nowhere'] }), 'small')).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect(await chat(await sign({ sub: 'bob', groups: ['red'] }), 'small')).toMatchObject({ status: 200 });
    const trail = await store.auditTrail({ kind: 'user', limit: 10 });
    expect(trail.map(({ objectId, action }) => [objectId, action])).toEqual([
      ['bob', 'created'],
      ['ann', 'created'],
    ]);
  });

  it('lets administrators manage, and nobody else', async () => {
    const admin = await sign({ sub: 'root', scope: 'openid gateway_admin' });
    expect(await send('/team/new', admin, { team_id: 'blue' })).toMatchObject({ status: 200 });
    expect(await send('/team/new', await sign({ groups: ['red'] }), { team_id: 'green' })).toMatchObject({ status: 403, code: 'not_permitted' });
    expect(await send('/user/info', await sign({ sub: 'bob' }))).toMatchObject({ status: 200, answer: { user_id: 'bob' } });
  });

  it('keeps out at once who was blocked', async () => {
    const token = await sign({ sub: 'bob', groups: ['red'] });
    expect(await chat(token, 'small')).toMatchObject({ status: 200 });
    expect(await send('/user/update', 'sk-0123456789abcdef', { user_id: 'bob', blocked: true })).toMatchObject({ status: 200 });
    expect(await chat(token, 'small')).toMatchObject({ status: 403, code: 'key_blocked' });
  });
});
