import { describe, expect, it } from 'vitest';
import type { BudgetAlert } from '../types/budget-alert.ts';
import type { Sink } from '../types/record.ts';
import type { TryFailure } from '../types/try-failure.ts';
import { budgetAlertTeller } from './budget-alert-teller.ts';
import { createGateway } from './create-gateway.ts';

const alert: BudgetAlert = { kind: 'threshold', share: 0.8, owner: { kind: 'team', id: 't' }, spentNanoUsd: 8, budgetNanoUsd: 10, callId: 'c' };

describe('budget alerts', () => {
  it('reach the host and every sink that listens, and none that fails keeps them from the others', async () => {
    const heard: string[] = [];
    const errors: unknown[] = [];
    const sinks: Sink[] = [
      { name: 'bad', write: () => undefined, budgetAlert: () => Promise.reject(new Error('away')) },
      { name: 'good', write: () => undefined, budgetAlert: ({ owner }) => void heard.push(`sink ${owner.id}`) },
      { name: 'deaf', write: () => undefined },
    ];
    await budgetAlertTeller({ sinks, onAlert: ({ owner }) => void heard.push(`host ${owner.id}`), onError: (error) => errors.push(error) })?.(alert);
    expect(heard.sort()).toEqual(['host t', 'sink t']);
    expect(errors).toEqual([new Error('away')]);
  });

  it('are left to the usual warning where nobody listens', () => {
    expect(budgetAlertTeller({ sinks: [{ name: 'deaf', write: () => undefined }], onAlert: undefined, onError: () => undefined })).toBeUndefined();
  });
});

it('a failed try reaches sinks with its deployment, its code and how long that one rests, and none that fails keeps the call from going on', async () => {
  const heard: TryFailure[] = [];
  const provider = {
    name: 'acme',
    operations: { chat: { toRequest: () => ({ url: 'http://127.0.0.1:1/', headers: {}, body: {} }) } },
  };
  const models = [{ name: 'm', deployments: ['a', 'b'].map((id) => ({ id, provider: 'acme', model: 'x' })) }];
  const errors: unknown[] = [];
  const sinks: Sink[] = [
    {
      name: 'bad',
      write: () => undefined,
      tryFailed: () => {
        throw new Error('away');
      },
    },
    { name: 'late', write: () => undefined, tryFailed: () => Promise.reject(new Error('late')) as never },
    { name: 'list', write: () => undefined, tryFailed: (failure) => void heard.push(failure) },
  ];
  const gateway = createGateway({
    providers: [provider as never],
    models,
    auth: false,
    sinks,
    router: { retries: 1, allowedFails: 0 },
    onError: (error) => errors.push(error),
  });
  await expect(gateway.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] })).rejects.toMatchObject({
    code: 'upstream_unreachable',
  });
  expect(heard).toHaveLength(2);
  expect(errors.filter((error) => error instanceof Error && ['away', 'late'].includes(error.message))).toHaveLength(4);
  expect(heard[0]).toMatchObject({ code: 'upstream_unreachable', deployment: { provider: 'acme' } });
  expect(heard[0]?.restsMs).toBeGreaterThan(0);
  await gateway.close();
});
