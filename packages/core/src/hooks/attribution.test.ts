import { describe, expect, test } from 'vitest';
import { Directory } from '../directory/directory.ts';
import { memoryDirectoryStore } from '../directory/memory-directory-store.ts';
import { Context } from '../pipeline/context.ts';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import type { Principal } from '../types/principal.ts';
import type { JsonObject } from '../types/json.ts';
import { attribution, type AttributionOptions } from './attribution.ts';

type Call = { readonly fields?: object; readonly headers?: Record<string, string>; readonly principal?: Principal };

function attribute(options: AttributionOptions, { fields = {}, headers = {}, principal = { keyId: 'k' } }: Call) {
  const ctx = new Context({
    id: 'call',
    operation: 'chat',
    request: { model: 'm', ...fields },
    source: { credentials: [], headers },
    principal,
    controller: new LazyAbortController(),
  });
  let error: { code?: string } | undefined;
  try {
    attribution(options)(ctx);
  } catch (thrown) {
    error = thrown as { code?: string };
  }
  return { principal: ctx.principal as Principal, error };
}

async function directoryOf(objects: readonly (readonly ['end_user' | 'tag' | 'budget', string, JsonObject])[]): Promise<Directory> {
  const store = memoryDirectoryStore();
  await store.write(
    objects.map(([kind, id, body]) => ({ kind, id, body, from: 0 })),
    [],
  );
  return new Directory({ store, onError: () => undefined });
}

describe('the end user', () => {
  test.each<[string, Call, string | undefined]>([
    ['is whom a header names', { headers: { 'x-sluice-end-user-id': 'a' }, fields: { user: 'b' } }, 'a'],
    ['is whom one of LiteLLM names', { headers: { 'x-litellm-customer-id': 'a' }, fields: { user: 'b' } }, 'a'],
    ['is whom the request names', { fields: { user: 'b', metadata: { user_id: 'c' } } }, 'b'],
    ['is whom its metadata name', { fields: { metadata: { user_id: 'c' } } }, 'c'],
    ['is who is told apart for safety', { fields: { safety_identifier: 'd' } }, 'd'],
    ['stays who the host says it is', { principal: { keyId: 'k', endUserId: 'z' }, fields: { user: 'b' } }, 'z'],
    ['is nobody', { fields: { user: '', metadata: null } }, undefined],
  ])('%s', async (_, call, expected) => {
    expect(attribute({}, call).principal.endUserId).toBe(expected);
  });

  test('may be named by a header of the host', async () => {
    const call = { headers: { 'x-customer': 'a', 'x-sluice-end-user-id': 'b' } };
    expect(attribute({ endUserHeaders: ['X-Customer'] }, call).principal.endUserId).toBe('a');
  });

  test('has an allowance and a region where the directory knows it, also of a budget that it shares', async () => {
    const directory = await directoryOf([
      ['budget', 'free', { max_budget: 0.5, rpm_limit: 5, budget_duration: '1d' }],
      ['end_user', 'a', { budget_id: 'free', allowed_model_region: 'eu' }],
    ]);
    const { principal } = attribute({ directory, calendar: { timeZone: 'Europe/Berlin' } }, { fields: { user: 'a' } });
    expect(principal.accounts).toEqual([
      {
        kind: 'end_user',
        id: 'a',
        limits: { requestsPerMinute: 5 },
        budgetNanoUsd: 500_000_000,
        budgetWindow: { length: '1d', timeZone: 'Europe/Berlin' },
      },
    ]);
    expect(principal.regions).toEqual(['eu']);
    await directory.close();
  });

  test('is refused where it is blocked', async () => {
    const directory = await directoryOf([['end_user', 'a', { blocked: true }]]);
    expect(attribute({ directory }, { fields: { user: 'a' } }).error?.code).toBe('end_user_blocked');
    expect(attribute({ directory }, { fields: { user: 'b' } }).error).toBeUndefined();
    await directory.close();
  });

  test('has a name that fits', async () => {
    expect(attribute({}, { fields: { user: 'x'.repeat(256) } }).error).toBeUndefined();
    expect(attribute({}, { fields: { user: 'x'.repeat(257) } }).error).toMatchObject({ code: 'invalid_request', param: 'user' });
  });
});

describe('tags', () => {
  test('are those of the key and all that the caller gives, each once', async () => {
    const { principal } = attribute(
      {},
      {
        principal: { keyId: 'k', tags: ['team'] },
        headers: { 'x-litellm-tags': 'a, b,,team' },
        fields: { metadata: { tags: ['b', 'c', 5] }, tags: ['d'] },
      },
    );
    expect(principal.tags).toEqual(['team', 'a', 'b', 'c', 'd']);
  });

  test('have budgets where the directory says so', async () => {
    const directory = await directoryOf([['tag', 'campaign', { max_budget: 1 }]]);
    const { principal } = attribute({ directory }, { fields: { tags: ['campaign', 'other'] } });
    expect(principal.accounts).toEqual([{ kind: 'tag', id: 'campaign', budgetNanoUsd: 1_000_000_000 }]);
    const ofKey = attribute({ directory }, { principal: { keyId: 'k', tags: ['campaign'] } });
    expect(ofKey.principal.accounts).toEqual(principal.accounts);
    await directory.close();
  });

  test('are fifty at most', async () => {
    const tags = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);
    expect(attribute({}, { fields: { tags: tags(50) } }).error).toBeUndefined();
    expect(attribute({}, { fields: { tags: tags(51) } }).error).toMatchObject({ code: 'invalid_request', param: 'tags' });
  });
});

test('whoever says nothing keeps its principal as it is', async () => {
  const principal: Principal = { keyId: 'k' };
  expect(attribute({}, { principal }).principal).toBe(principal);
});
