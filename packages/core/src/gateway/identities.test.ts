import { afterEach, describe, expect, test } from 'vitest';
import { memoryDirectoryStore } from '../directory/memory-directory-store.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { defineHook } from '../pipeline/hook.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Principal } from '../types/principal.ts';
import type { ObjectKind } from '../types/directory.ts';
import type { IdentityInput } from '../identities/identity.ts';
import type { Identified } from '../types/identity.ts';
import type { JsonObject } from '../types/json.ts';
import type { CallRecord } from '../types/record.ts';
import { createGateway, type Gateway } from './create-gateway.ts';
import type { GatewayOptions } from './options.ts';

const KEY = 'sk-0123456789abcdef';
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl';
const gateways: Gateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

type Told = { readonly status: number; readonly code: string | undefined; readonly text: string; readonly principal: Principal | undefined };

function gatewayWith(identities: readonly IdentityInput[], options: Partial<GatewayOptions> = {}) {
  let principal: Principal | undefined;
  const told: unknown[] = [];
  const records: CallRecord[] = [];
  const answer = defineHook({
    name: 'answer',
    phase: 'cache',
    handle(ctx) {
      principal = ctx.principal;
      return { kind: 'complete', body: LazyJson.ofValue({ choices: [] }) };
    },
  });
  const gateway = createGateway({
    masterKey: KEY,
    identities,
    hooks: [answer],
    models: [],
    sinks: [{ name: 'list', write: (batch) => void records.push(...batch) }],
    onError: (error) => told.push(error),
    ...options,
  });
  gateways.push(gateway);
  async function ask(credential: string, model = 'm'): Promise<Told> {
    principal = undefined;
    const reply = await gateway.fetch('http://sluice/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
    });
    const text = await reply.text();
    return { status: reply.status, code: (JSON.parse(text) as { error?: { code: string } }).error?.code, text, principal };
  }
  return { gateway, ask, told, records };
}

const ann =
  (more: Partial<Identified> = {}): IdentityInput =>
  () => ({ keyId: 'jwt/user/ann', userId: 'ann', ...more });

describe('a credential that is no key', () => {
  test('is asked for in order, and stands for whom the first says that knows it', async () => {
    const asked: string[] = [];
    const { ask } = gatewayWith([
      {
        name: 'first',
        recognizes: (credential) => credential.startsWith('first-'),
        identify({ credential }) {
          asked.push(`first ${credential}`);
          return { keyId: 'one' };
        },
      },
      async function second({ credential, operation, headers }) {
        asked.push(`second ${credential} ${operation} ${String(headers['content-type'])}`);
        return credential === 'theirs' ? { keyId: 'two', userId: 'ann', models: ['m'] } : undefined;
      },
    ]);
    expect(await ask('first-1')).toMatchObject({ status: 200, principal: { keyId: 'one' } });
    expect(await ask('theirs')).toMatchObject({ status: 200, principal: { keyId: 'two', userId: 'ann' } });
    expect(await ask('theirs', 'other')).toMatchObject({ status: 403, code: 'model_not_allowed' });
    expect(await ask('nobodys')).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect(asked).toEqual([
      'first first-1',
      'second theirs chat application/json',
      'second theirs chat application/json',
      'second nobodys chat application/json',
    ]);
  });

  test('is never asked for where it is a key', async () => {
    const { ask } = gatewayWith([
      () => {
        throw new Error('asked');
      },
    ]);
    expect(await ask(KEY)).toMatchObject({ status: 200, principal: { isAdmin: true } });
  });

  test('is refused in the words of whoever refuses it', async () => {
    const { ask } = gatewayWith([
      () => {
        throw new GatewayError('key_expired', 'The token has expired');
      },
    ]);
    expect(await ask(TOKEN)).toMatchObject({ status: 401, code: 'key_expired' });
  });
});

describe('an identity that fails', () => {
  test.each<[string, IdentityInput]>([
    ['throws', ({ credential }) => Promise.reject(new Error(`no answer for ${credential} and ${credential.split('.')[2] ?? ''}`))],
    ['hangs', { name: 'slow', timeoutMs: 20, identify: ({ credential }) => new Promise((_, reject) => setTimeout(reject, 5_000, credential).unref()) }],
    ['has a defect', () => Promise.reject(new GatewayError('internal', 'Internal error'))],
  ])('that %s lets nobody in, asks nobody else, and tells no log what the credential is', async (_, identity) => {
    const { ask, told, records, gateway } = gatewayWith([identity, ann()]);
    const { status, code, text } = await ask(TOKEN);
    expect([status, code]).toEqual([503, 'identity_unavailable']);
    expect(told).toHaveLength(1);
    await gateway.close();
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ code: 'identity_unavailable', message: 'It cannot be found out at the moment who calls' });
    const written = `${text}${String(told[0])}${(told[0] as Error).stack ?? ''}${JSON.stringify(records)}`;
    for (const part of TOKEN.split('.')) expect(written).not.toContain(part);
  });

  test('hears that the caller has waited long enough', async () => {
    let wasAborted = false;
    const { ask } = gatewayWith([
      {
        name: 'slow',
        timeoutMs: 20,
        identify: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error(String((wasAborted = true)))))),
      },
    ]);
    expect(await ask(TOKEN)).toMatchObject({ status: 503 });
    expect(wasAborted).toBe(true);
  });
});

describe('the directory', () => {
  async function directoryWith(objects: readonly (readonly [ObjectKind, string, JsonObject])[]) {
    const store = memoryDirectoryStore();
    await store.write(
      objects.map(([kind, id, body]) => ({ kind, id, body, from: 0 })),
      [],
    );
    return store;
  }

  test('says what whom a credential names may do', async () => {
    const directory = await directoryWith([
      ['user', 'ann', { user_role: 'internal_user', max_budget: 2, models: ['small'] }],
      ['team', 'red', { models: ['large'], rpm_limit: 7, organization_id: 'north' }],
      ['organization', 'north', { tpm_limit: 100 }],
    ]);
    const { ask } = gatewayWith([({ credential }) => ({ keyId: 'k', userId: 'ann', ...(credential === 'team' && { teamId: 'red' }) })], { directory });
    expect((await ask('alone', 'small')).principal).toMatchObject({
      role: 'internal_user',
      accounts: [{ kind: 'user', id: 'ann', budgetNanoUsd: 2_000_000_000 }],
    });
    expect(await ask('alone', 'large')).toMatchObject({ code: 'model_not_allowed' });
    expect((await ask('team', 'large')).principal).toMatchObject({
      organizationId: 'north',
      accounts: [
        { kind: 'team', id: 'red', limits: { requestsPerMinute: 7 } },
        { kind: 'organization', id: 'north', limits: { tokensPerMinute: 100 } },
      ],
    });
  });

  test('blocks them, and an end user as well', async () => {
    const directory = await directoryWith([
      ['user', 'ann', { blocked: true }],
      ['end_user', 'customer', { blocked: true }],
    ]);
    expect(await gatewayWith([ann()], { directory }).ask(TOKEN)).toMatchObject({ status: 403, code: 'key_blocked' });
    expect(await gatewayWith([() => ({ keyId: 'k', endUserId: 'customer' })], { directory }).ask(TOKEN)).toMatchObject({ code: 'end_user_blocked' });
  });

  test('makes nobody an administrator whom the credential gives another role', async () => {
    const directory = await directoryWith([['user', 'ann', { user_role: 'proxy_admin' }]]);
    expect((await gatewayWith([ann()], { directory }).ask(TOKEN)).principal).toMatchObject({ role: 'proxy_admin', isAdmin: true });
    const { principal } = await gatewayWith([ann({ role: 'internal_user' })], { directory }).ask(TOKEN);
    expect(principal).toMatchObject({ role: 'internal_user' });
    expect(principal?.isAdmin).toBeUndefined();
  });

  test('finds among several teams one that may make the call, and none that is not there', async () => {
    const directory = await directoryWith([
      ['team', 'blocked', { blocked: true, models: ['large'] }],
      ['team', 'small', { models: ['small'] }],
      ['team', 'large', { models: ['large'] }],
    ]);
    const { ask } = gatewayWith([ann({ teamIds: ['absent', 'blocked', 'small', 'large'], absent: { team: 'refuse' } })], { directory });
    expect((await ask(TOKEN, 'large')).principal?.teamId).toBe('large');
    expect((await ask(TOKEN, 'small')).principal?.teamId).toBe('small');
    expect((await ask(TOKEN, 'huge')).status).toBe(403);
  });

  test('refuses who is not there where they have to be, and makes them where they may be made, with an entry in the trail', async () => {
    const directory = await directoryWith([]);
    const refused = await gatewayWith([ann({ absent: { user: 'refuse' } })], { directory }).ask(TOKEN);
    expect(refused).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect(await gatewayWith([ann({ organizationId: 'o', absent: { organization: 'refuse' } })], { directory }).ask(TOKEN)).toMatchObject({ status: 401 });

    const make = { user: { make: { user_role: 'internal_user', user_email: 'ann@example.com' } }, team: { make: {} } };
    const { ask } = gatewayWith([ann({ teamIds: ['red', 'blue'], absent: make })], { directory });
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(TOKEN)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const entries = await directory.auditTrail({ limit: 10 });
    expect(entries.map(({ action, kind, objectId, keyId, userId }) => [action, kind, objectId, keyId, userId]).sort()).toEqual([
      ['created', 'team', 'blue', 'jwt/user/ann', 'ann'],
      ['created', 'team', 'red', 'jwt/user/ann', 'ann'],
      ['created', 'user', 'ann', 'jwt/user/ann', 'ann'],
    ]);
    const other = await gatewayWith([() => ({ keyId: 'k', userId: 'other', absent: make })], { directory }).ask(TOKEN);
    expect(other).toMatchObject({ status: 409, code: 'object_exists' });
  });

  test('that cannot be written lets nobody in who would have to be made', async () => {
    const store = memoryDirectoryStore();
    const directory = { ...store, write: () => Promise.reject(new Error('read only')) };
    expect(await gatewayWith([ann({ absent: { user: { make: {} } } })], { directory }).ask(TOKEN)).toMatchObject({ status: 503, code: 'store_unavailable' });
  });
});

test('an identity without a name or a function is told at start-up', () => {
  expect(() => createGateway({ identities: [{ name: '', identify: 5 } as never] })).toThrow(/identities\[0\]\.name.*identities\[0\]\.identify/s);
});
