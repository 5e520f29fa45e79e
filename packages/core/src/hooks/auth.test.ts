import { describe, expect, test } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { keyRing } from '../keys/key-ring.ts';
import type { VirtualKey } from '../keys/virtual-key.ts';
import { modelRegistry } from '../models/model-registry.ts';
import { secret } from '../models/secret.ts';
import { Context } from '../pipeline/context.ts';
import type { Operation } from '../types/call.ts';
import type { Policy, Principal } from '../types/principal.ts';
import { auth, type AuthOptions } from './auth.ts';

const NOW = Date.UTC(2026, 0, 1);
const models = modelRegistry(['gpt-fast', 'gpt-slow', 'openai/*'].map((name) => ({ name, deployments: [{ id: name, provider: 'p', model: name }] })));
const keys: VirtualKey[] = [
  { id: 'ann', key: 'sk-ann', alias: 'Ann', userId: 'u1', teamId: 't1', metadata: { plan: 'pro' }, budgetNanoUsd: 5, limits: { parallelCalls: 1 } },
  { id: 'bob', key: secret('sk-bob'), models: ['gpt-*'] },
  { id: 'old', key: 'sk-old', expiresAt: new Date(NOW) },
  { id: 'new', key: 'sk-new', expiresAt: new Date(NOW + 1) },
  { id: 'bad', key: 'sk-bad', isBlocked: true, expiresAt: new Date(0) },
];

type Asking = {
  readonly credentials?: readonly string[];
  readonly host?: unknown;
  readonly principal?: Principal;
  readonly policy?: Policy;
  readonly operation?: Operation;
  readonly model?: string;
};

/** The principal of a call that passed, or the error of one that did not. */
async function ask(
  { credentials = [], host, principal, policy, operation = 'chat', model = 'gpt-fast' }: Asking,
  options: Partial<AuthOptions> = {},
): Promise<Principal | GatewayError | undefined> {
  const ctx = new Context({ id: '1', operation, request: { model }, source: { credentials, host }, principal, policy, controller: new AbortController() });
  const hook = auth({ models, ring: keyRing(keys, 'sk-master'), now: () => NOW, ...options });
  try {
    await hook.handle(ctx, async () => ({ kind: 'complete', body: { value: {}, text: '{}', bytes: new Uint8Array() } }));
    return ctx.principal;
  } catch (error) {
    return GatewayError.from(error);
  }
}

describe('who is known', () => {
  test('a virtual key stands for its principal, without the key', async () => {
    expect(await ask({ credentials: ['sk-ann'] })).toEqual({
      keyId: 'ann',
      keyAlias: 'Ann',
      userId: 'u1',
      teamId: 't1',
      metadata: { plan: 'pro' },
      budgetNanoUsd: 5,
      limits: { parallelCalls: 1 },
    });
    expect(await ask({ credentials: ['sk-bob'] })).toEqual({ keyId: 'bob', models: ['gpt-*'] });
  });

  test('the master key stands for the administrator, secret or not', async () => {
    for (const masterKey of ['sk-master', secret('sk-master')])
      expect(await ask({ credentials: ['sk-master'] }, { ring: keyRing([], masterKey) })).toEqual({ keyId: 'master', isAdmin: true });
  });

  test("whom the host's own code names is trusted, and needs no key", async () => {
    const principal = { keyId: 'job' };
    expect(await ask({ principal, credentials: ['sk-nobody'] })).toBe(principal);
  });

  test('a key is good until the moment it expires', async () => {
    expect(await ask({ credentials: ['sk-new'] })).toMatchObject({ keyId: 'new' });
  });
});

describe('who is not', () => {
  test.each<[string, readonly string[], string, number]>([
    ['no key', [], 'missing_credentials', 401],
    ['an unknown key', ['sk-nobody'], 'invalid_credentials', 401],
    ['a key that is nearly right', ['sk-an'], 'invalid_credentials', 401],
    ['two keys', ['sk-ann', 'sk-bob'], 'duplicate_credentials', 401],
    ['one key twice', ['sk-ann', 'sk-ann'], 'duplicate_credentials', 401],
    ['an expired key', ['sk-old'], 'key_expired', 401],
    ['a blocked key', ['sk-bad'], 'key_blocked', 403],
  ])('%s', async (_, credentials, code, status) => {
    expect(await ask({ credentials })).toMatchObject({ code, status });
  });

  test('nobody, where no way in is given', async () => {
    const closed = { ring: keyRing([]) };
    expect(await ask({}, closed)).toMatchObject({ code: 'missing_credentials' });
    expect(await ask({ credentials: [''] }, closed)).toMatchObject({ code: 'invalid_credentials' });
  });

  test('and the refusal repeats neither the key nor a hash of it', async () => {
    const { message } = (await ask({ credentials: ['sk-nobody'] })) as GatewayError;
    expect(message).toBe('The key is not known here');
  });
});

describe("the host's own identity", () => {
  const identify = (host: { user?: string; fails?: boolean }): Principal | undefined => {
    if (host.fails) throw new Error('the session store is down');
    return host.user === undefined ? undefined : { keyId: `user:${host.user}` };
  };

  test('goes before keys', async () => {
    expect(await ask({ host: { user: 'cy' }, credentials: ['sk-ann'] }, { identify })).toEqual({ keyId: 'user:cy' });
  });

  test('may be told later', async () => {
    expect(await ask({ host: { user: 'cy' } }, { identify: async (host: never) => identify(host) })).toEqual({ keyId: 'user:cy' });
  });

  test('leaves whom it does not know to the keys', async () => {
    expect(await ask({ host: {}, credentials: ['sk-ann'] }, { identify })).toMatchObject({ keyId: 'ann' });
    expect(await ask({ host: {} }, { identify })).toMatchObject({ code: 'missing_credentials' });
  });

  test('is not asked about calls without a host', async () => {
    expect(await ask({ credentials: ['sk-ann'] }, { identify: () => ({ keyId: 'anybody' }) })).toMatchObject({ keyId: 'ann' });
  });

  test.each([[{}], [{ keyId: '' }], [{ keyId: 7 }]])('that names nobody (%o) lets nobody in', async (nameless) => {
    const principal = nameless as unknown as Principal;
    expect(await ask({ host: {}, credentials: ['sk-ann'] }, { identify: () => principal })).toMatchObject({ code: 'internal', status: 500 });
    expect(await ask({ principal })).toMatchObject({ code: 'internal', status: 500 });
  });

  test('that fails lets nobody in', async () => {
    expect(await ask({ host: { fails: true }, credentials: ['sk-ann'] }, { identify })).toMatchObject({ code: 'internal', status: 500 });
  });
});

describe('a gateway without auth', () => {
  test('takes everybody, and knows those whose key it knows', async () => {
    const open = { isOpen: true };
    expect(await ask({}, open)).toEqual({ keyId: 'anonymous' });
    expect(await ask({ credentials: ['whatever the SDK asks for'] }, open)).toEqual({ keyId: 'anonymous' });
    expect(await ask({ credentials: ['sk-ann'] }, open)).toMatchObject({ keyId: 'ann' });
    expect(await ask({ credentials: ['sk-bad'] }, open)).toMatchObject({ code: 'key_blocked' });
  });

  test('P65: makes nobody an administrator', async () => {
    expect(await ask({ operation: 'health' }, { isOpen: true })).toEqual({ keyId: 'anonymous' });
  });
});

describe('which models', () => {
  test('those of the key, with wildcards', async () => {
    expect(await ask({ credentials: ['sk-bob'], model: 'gpt-slow' })).toMatchObject({ keyId: 'bob' });
    expect(await ask({ credentials: ['sk-bob'], model: 'openai/gpt-4o' })).toMatchObject({ code: 'model_not_allowed', status: 403, param: 'model' });
  });

  test('and of the address, whoever asks', async () => {
    const policy = { name: 'support', models: ['gpt-fast'] };
    expect(await ask({ credentials: ['sk-bob'], policy })).toMatchObject({ keyId: 'bob' });
    expect(await ask({ credentials: ['sk-master'], policy, model: 'gpt-slow' })).toMatchObject({ message: "This address may not use the model 'gpt-slow'." });
  });

  test('a slip gets a suggestion, from those the caller may use', async () => {
    expect(await ask({ principal: { keyId: 'x', models: ['gpt-fast'] }, model: 'gpt-fats' })).toMatchObject({
      message: "This key may not use the model 'gpt-fats'. Did you mean 'gpt-fast'?",
    });
    expect(await ask({ principal: { keyId: 'x', models: ['gpt-fast'] }, model: 'gpt-slw' })).toMatchObject({
      message: expect.not.stringContaining('gpt-slow'),
    });
  });

  test('what the gateway answers itself needs a key too', async () => {
    expect(await ask({ operation: 'models.list', model: '' })).toMatchObject({ code: 'missing_credentials' });
    expect(await ask({ operation: 'models.list', model: '', credentials: ['sk-bob'] })).toMatchObject({ keyId: 'bob' });
    expect(await ask({ operation: 'health', model: '' })).toMatchObject({ code: 'missing_credentials' });
    expect(await ask({ operation: 'health', model: '', credentials: ['sk-master'] })).toMatchObject({ isAdmin: true });
  });
});
