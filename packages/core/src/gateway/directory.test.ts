import { afterEach, describe, expect, test } from 'vitest';
import { Directory } from '../directory/directory.ts';
import { DirectoryConflictError } from '../directory/directory-conflict-error.ts';
import { issueKey } from '../directory/issue-key.ts';
import { memoryDirectoryStore } from '../directory/memory-directory-store.ts';
import { hashBy } from '../keys/key-ring.ts';
import { defineHook } from '../pipeline/hook.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Principal } from '../types/principal.ts';
import type { DirectoryStore, ObjectKind } from '../types/directory.ts';
import type { JsonObject } from '../types/json.ts';
import { createGateway, type Gateway } from './create-gateway.ts';

const SALT = 'a salt that is long enough';
const hash = hashBy(SALT);
const gateways: Gateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

async function put(store: DirectoryStore, kind: ObjectKind, id: string, body: JsonObject | undefined): Promise<void> {
  const current = (await store.changesSince(0)).find((object) => object.kind === kind && object.id === id && object.body);
  await store.write([{ kind, id, body, from: current?.revision ?? 0 }], []);
}

/** As another process would see it: by promise, and only what was written. */
function remote(store: DirectoryStore): DirectoryStore & { away: boolean; reads: number } {
  const seen = {
    away: false,
    reads: 0,
    async changesSince(revision: number) {
      seen.reads += 1;
      if (seen.away) throw new Error('the database is away');
      return store.changesSince(revision);
    },
    write: async (...given: Parameters<DirectoryStore['write']>) => store.write(...given),
    auditTrail: async (...given: Parameters<DirectoryStore['auditTrail']>) => store.auditTrail(...given),
  };
  return seen;
}

function gatewayOn(directory: DirectoryStore): {
  readonly gateway: Gateway;
  ask(key: string, model?: string): Promise<{ status: number; principal: Principal | undefined }>;
} {
  let principal: Principal | undefined;
  const answer = defineHook({
    name: 'answer',
    phase: 'cache',
    handle(ctx) {
      principal = ctx.principal;
      return { kind: 'complete', body: LazyJson.ofValue({ choices: [] }) };
    },
  });
  const gateway = createGateway({ directory, saltKey: SALT, hooks: [answer], models: [], onError: () => undefined });
  gateways.push(gateway);
  return {
    gateway,
    async ask(key, model = 'm') {
      principal = undefined;
      const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'x' }] });
      const { status } = await gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers: { authorization: `Bearer ${key}` }, body });
      return { status, principal };
    },
  };
}

const keyBody = (key: string, fields: JsonObject = {}): JsonObject => ({ hashes: [{ hash: hash(key) }], ...fields });

describe('keys of a directory', () => {
  test('stand for everybody who answers for them', async () => {
    const store = memoryDirectoryStore();
    await put(store, 'budget', 'gold', { max_budget: 50, budget_duration: '1mo', rpm_limit: 30 });
    await put(store, 'organization', 'o', { models: ['m*'], max_budget: 1000 });
    await put(store, 'team', 't', {
      organization_id: 'o',
      models: ['m', 'cheap'],
      budget_id: 'gold',
      team_member_budget: 5,
      members_with_roles: [{ user_id: 'u', role: 'user', rpm_limit: 3 }],
    });
    await put(store, 'user', 'u', { user_role: 'internal_user', max_budget: 7, models: ['none of a team'] });
    await put(store, 'access_group', 'small', { model_names: ['m', 'n'] });
    await put(
      store,
      'key',
      'k',
      keyBody('sk-1', {
        user_id: 'u',
        team_id: 't',
        key_alias: 'a',
        models: ['small'],
        tpm_limit: 9000,
        max_budget: 1.5,
        model_max_budget: { m: { budget_limit: 0.1, time_period: '1d' } },
      }),
    );
    const { ask } = gatewayOn(store);
    const { status, principal } = await ask('sk-1');
    expect(status).toBe(200);
    expect(principal).toMatchObject({
      keyId: 'k',
      keyAlias: 'a',
      userId: 'u',
      teamId: 't',
      organizationId: 'o',
      role: 'internal_user',
      limits: { tokensPerMinute: 9000 },
      budgetNanoUsd: 1.5e9,
      models: ['small', 'm', 'n'],
      modelBounds: [['m', 'cheap'], ['m*']],
      modelAllowances: { m: { budgetNanoUsd: 1e8, budgetWindow: { length: '1d' } } },
      accounts: [
        { kind: 'team', id: 't', budgetNanoUsd: 50e9, budgetWindow: { length: '1mo' }, limits: { requestsPerMinute: 30 } },
        { kind: 'team_member', id: 't:u', budgetNanoUsd: 5e9, limits: { requestsPerMinute: 3 } },
        { kind: 'organization', id: 'o', budgetNanoUsd: 1000e9 },
      ],
    });
    // Within the key's models, and not within the team's.
    expect((await ask('sk-1', 'n')).status).toBe(403);
  });

  test.each<[string, ObjectKind, JsonObject]>([
    ['the key', 'key', keyBody('sk-1', { team_id: 't', user_id: 'u', blocked: true })],
    ['its team', 'team', { blocked: true }],
    ['its user', 'user', { blocked: true }],
  ])('are blocked with %s, at once', async (_, kind, body) => {
    const store = memoryDirectoryStore();
    await put(store, 'key', 'k', keyBody('sk-1', { team_id: 't', user_id: 'u' }));
    const writer = new Directory({ store, onError: () => undefined });
    const { gateway, ask } = gatewayOn(store);
    expect((await ask('sk-1')).status).toBe(200);
    await put(store, kind, kind === 'key' ? 'k' : kind.charAt(0), body);
    await expect.poll(async () => (await ask('sk-1')).status, { timeout: 1000, interval: 50 }).toBe(403);
    await writer.close();
    await gateway.idle();
  });

  test('of which one was rotated both open the door, until the grace of the old one is over', async () => {
    const store = memoryDirectoryStore();
    const soon = new Date(Date.now() + 400).toISOString();
    await put(store, 'key', 'k', { hashes: [{ hash: hash('sk-new') }, { hash: hash('sk-old'), expires: soon }] });
    const { ask } = gatewayOn(store);
    expect([(await ask('sk-new')).status, (await ask('sk-old')).status]).toEqual([200, 200]);
    await expect.poll(async () => (await ask('sk-old')).status, { timeout: 2000 }).toBe(401);
    expect((await ask('sk-new')).status).toBe(200);
  });
});

test('a key that was issued is kept without itself, and opens the door', async () => {
  const store = memoryDirectoryStore();
  const { key, stored } = issueKey(SALT);
  expect(issueKey(SALT).key).not.toBe(key);
  await put(store, 'key', 'k', stored);
  expect(JSON.stringify(await store.changesSince(0))).not.toContain(key.slice(3, -4));
  const { ask } = gatewayOn(store);
  expect([(await ask(key)).status, (await ask(`${key}x`)).status]).toEqual([200, 401]);
});

describe('P34, P56: several gateways over one directory', () => {
  test('a new key works everywhere at once, a deleted one nowhere within a second', async () => {
    const store = memoryDirectoryStore();
    const [one, other] = [gatewayOn(remote(store)), gatewayOn(remote(store))];
    await one.ask('sk-1');
    await new Promise((resolve) => setTimeout(resolve, 60));
    await put(store, 'key', 'k', keyBody('sk-1'));
    expect([(await one.ask('sk-1')).status, (await other.ask('sk-1')).status]).toEqual([200, 200]);
    await put(store, 'key', 'k', undefined);
    const deletedAt = performance.now();
    await expect
      .poll(async () => Promise.all([one.ask('sk-1'), other.ask('sk-1')]).then((answers) => answers.map(({ status }) => status)), {
        timeout: 1500,
        interval: 20,
      })
      .toEqual([401, 401]);
    expect(performance.now() - deletedAt).toBeLessThan(1000);
  });

  test('while the store is away known keys work, unknown ones are refused, and it is told of once', async () => {
    const inner = memoryDirectoryStore();
    await put(inner, 'key', 'k', keyBody('sk-1'));
    const store = remote(inner);
    const errors: unknown[] = [];
    const directory = new Directory({ store, pollMs: 20, onError: (error) => void errors.push(error) });
    await directory.ready();
    store.away = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(directory.get('key', 'k')).toBeDefined();
    expect(errors).toHaveLength(1);
    await put(inner, 'team', 't', {});
    store.away = false;
    await expect.poll(() => directory.get('team', 't')).toBeDefined();
    await directory.close();
  });

  test('thousands of calls with unknown keys ask the store a few times', async () => {
    const store = remote(memoryDirectoryStore());
    const { ask } = gatewayOn(store);
    await ask('sk-unknown');
    const before = store.reads;
    const answers = await Promise.all(Array.from({ length: 500 }, (_, index) => ask(`sk-unknown-${index}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(store.reads - before).toBeLessThan(20);
  });
});

test('who writes on what has changed is told so', async () => {
  const store = memoryDirectoryStore();
  const [one, other] = [new Directory({ store, onError: () => undefined }), new Directory({ store, onError: () => undefined })];
  await one.write([{ kind: 'team', id: 't', body: { a: 1 }, from: 0 }], []);
  await expect(other.write([{ kind: 'team', id: 't', body: { a: 2 }, from: 0 }], [])).rejects.toThrow(DirectoryConflictError);
  await other.pull();
  await other.write([{ kind: 'team', id: 't', body: { a: 2 }, from: other.get('team', 't')?.revision ?? 0 }], []);
  await one.pull();
  expect(one.get('team', 't')?.body).toEqual({ a: 2 });
  await Promise.all([one.close(), other.close()]);
});
