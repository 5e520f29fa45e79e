import { memoryDirectoryStore, memoryStore, type Store } from '@sluice/core';
import { adminClient } from '@sluice/core/admin';
import { describe, expect, it } from 'vitest';
import { begun, ended, group, lines, open, TWO_LINES, uploaded, upstream } from './support.ts';

const KEY = 'sk-ann';

/** No request has more input tokens than bytes, and ten of output: what the two may cost at most, by half the price. */
function boundOf(text: string): number {
  const bytes = text.split('\n').map((line) => Buffer.byteLength(JSON.stringify((JSON.parse(line) as { body: object }).body)));
  return bytes.reduce((sum, count) => sum + Math.ceil((count * 2_000 + 10 * 4_000) / 2), 0);
}

describe('what a batch costs', () => {
  const input = lines('m', ['hi', 'ho']);
  const bound = boundOf(input);
  const budgeted = (budgetNanoUsd: number, options = {}) => ({ keys: [{ id: 'ann', key: KEY, budgetNanoUsd }], ...options });

  it('is held from its beginning, and charged once when it is seen to have ended', async () => {
    const { client, store, records, gateway } = open([group('m', await upstream())], budgeted(10 * bound));
    const ann = client(KEY);
    const batch = await begun(ann, input);
    expect(await store.total('budget:key:ann')).toBe(bound);
    expect(await store.total('spend:key:ann')).toBe(0);

    await ended(ann, batch.id);
    expect(await store.total('budget:key:ann')).toBe(TWO_LINES);
    await ann.batches.retrieve(batch.id);
    await ann.batches.list();
    await gateway.idle();
    expect(await store.total('budget:key:ann')).toBe(TWO_LINES);
    expect(await store.total('spend:key:ann')).toBe(TWO_LINES);
    await gateway.close();
    const charged = records.filter(({ costNanoUsd }) => costNanoUsd);
    expect(charged).toMatchObject([{ operation: 'batches.get', model: 'm', costNanoUsd: TWO_LINES, usage: { inputTokens: 20, outputTokens: 8 } }]);
  });

  it('is priced answer by answer where long questions cost more', async () => {
    const model = group('m', await upstream());
    const [deployment] = model.deployments as [(typeof model.deployments)[0]];
    // Twenty tokens of two answers are over the threshold, ten of one are not.
    const price = { input: 2e9, output: 4e9, tiers: [{ aboveInputTokens: 15, input: 20e9, output: 40e9 }] };
    const { client, store } = open([{ name: 'm', deployments: [{ ...deployment, price }] }]);
    const { id } = await begun(client(KEY), input);
    await ended(client(KEY), id);
    expect(await store.total('spend:key:ann')).toBe(TWO_LINES);
  });

  it('is charged by a list that sees the end first', async () => {
    const { client, store } = open([group('m', await upstream())], budgeted(10 * bound));
    const ann = client(KEY);
    await begun(ann, input);
    for (let asked = 0; asked < 4; asked += 1) await ann.batches.list();
    expect((await ann.batches.list()).data).toMatchObject([{ status: 'completed' }]);
    expect([await store.total('budget:key:ann'), await store.total('spend:key:ann')]).toEqual([TWO_LINES, TWO_LINES]);
  });

  it('is charged once by two gateways over one store', async () => {
    const [host, store] = [await upstream(), memoryStore()];
    const gateways = [0, 1].map(() => open([group('m', host)], budgeted(10 * bound, { store })));
    const [first, second] = gateways.map(({ client }) => client(KEY)) as [
      ReturnType<(typeof gateways)[0]['client']>,
      ReturnType<(typeof gateways)[0]['client']>,
    ];
    const { id } = await begun(first, input);
    await second.batches.retrieve(id);
    await first.batches.retrieve(id);
    await Promise.all([first.batches.retrieve(id), second.batches.retrieve(id), second.batches.retrieve(id), first.batches.retrieve(id)]);
    expect([await store.total('budget:key:ann'), await store.total('spend:key:ann')]).toEqual([TWO_LINES, TWO_LINES]);
  });

  it('never passes a budget, however many are begun at once', async () => {
    const { client, store } = open([group('m', await upstream())], budgeted(3 * bound + 1));
    const begins = await Promise.allSettled(Array.from({ length: 8 }, () => begun(client(KEY), input)));
    expect(begins.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const begin of begins) if (begin.status === 'rejected') expect(begin.reason).toMatchObject({ status: 402, code: 'budget_exceeded' });
    expect(await store.total('budget:key:ann')).toBe(3 * bound);
  });

  it('is charged to those whom it was begun for, whoever sees its end by however', async () => {
    const directory = memoryDirectoryStore();
    const { client, store, records, gateway } = open([group('m', await upstream())], budgeted(10 * bound, { directory }));
    const admin = adminClient({ baseUrl: 'http://sluice', apiKey: 'sk-master', fetch: gateway.fetch });
    await admin.customer.new({ user_id: 'acme', max_budget: 1 });
    const ann = client(KEY);
    const { id } = await begun(ann.withOptions({ defaultHeaders: { 'x-litellm-customer-id': 'acme' } }), input);
    expect([await store.total('budget:key:ann'), await store.total('budget:end_user:acme')]).toEqual([bound, bound]);

    await ended(ann, id);
    await ann.batches.retrieve(id);
    expect([await store.total('budget:key:ann'), await store.total('budget:end_user:acme')]).toEqual([TWO_LINES, TWO_LINES]);
    await gateway.close();
    expect(records.filter(({ costNanoUsd }) => costNanoUsd)).toMatchObject([{ keyId: 'ann', endUserId: 'acme', costNanoUsd: TWO_LINES, settledBy: 'asked' }]);
  });

  it.each([
    ['batches:open', 'reserve'],
    [/^batches:open:\d+$/, 'set'],
    [/^(?!batches:open)/, 'set'],
  ] as const)('is held and charged by its id though the store lost %s (%s) while the provider took it', async (lost, step) => {
    const [host, store, errors] = [await upstream(), memoryStore(), [] as unknown[]];
    let isAway = false;
    const fails = (key: string): boolean => isAway && (typeof lost === 'string' ? key === lost : lost.test(key));
    const failing: Store = {
      ...store,
      reserve: (claims) => (step === 'reserve' && claims.some(({ key }) => fails(key)) ? Promise.reject(new Error('away')) : store.reserve(claims)),
      set: (key, ...rest) => (step === 'set' && fails(key) ? Promise.reject(new Error('away')) : store.set(key, ...rest)),
    };
    const { client } = open([group('m', host)], budgeted(10 * bound, { store: failing, onError: (error: unknown) => errors.push(error) }));
    const { id: file } = await uploaded(client(KEY), input);
    isAway = true;
    const { id } = await client(KEY).batches.create({ input_file_id: file, endpoint: '/v1/chat/completions', completion_window: '24h' });
    expect([await store.total('budget:key:ann'), errors.length]).toEqual([bound, 1]);
    isAway = false;
    await ended(client(KEY), id);
    expect([await store.total('budget:key:ann'), await store.total('spend:key:ann')]).toEqual([TWO_LINES, TWO_LINES]);
  });

  it('is let go of where nothing was answered', async () => {
    const { client, store } = open([group('m', await upstream())], budgeted(10 * bound));
    const { id } = await begun(client(KEY), input);
    await client(KEY).batches.cancel(id);
    expect((await client(KEY).batches.retrieve(id)).status).toBe('cancelled');
    expect([await store.total('budget:key:ann'), await store.total('spend:key:ann')]).toEqual([0, 0]);
  });

  it('is let go of in the period that it was held in', async () => {
    const { client, store } = open([group('m', await upstream())], {
      keys: [{ id: 'ann', key: KEY, budgetNanoUsd: 10 * bound, budgetWindow: { length: '1s', alignment: 'rolling' } }],
    });
    const { id } = await begun(client(KEY), input);
    expect(await store.total('budget:key:ann', 1_000)).toBe(bound);
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    await ended(client(KEY), id);
    expect(await store.total('budget:key:ann', 1_000)).toBe(TWO_LINES);
  });

  it('has to be known where a budget is in force', async () => {
    const model = group('m', await upstream());
    const { price: _, ...unpriced } = model.deployments[0] as (typeof model.deployments)[0];
    const { client } = open([{ name: 'm', deployments: [{ ...unpriced, model: 'nobody-has-heard-of-it' }] }], budgeted(10 * bound));
    await expect(begun(client(KEY), input)).rejects.toMatchObject({ code: 'model_unpriced' });
  });

  it('is not held against the tokens of a minute', async () => {
    const { client } = open([group('m', await upstream())], { keys: [{ id: 'ann', key: KEY, limits: { tokensPerMinute: 15 } }] });
    const { id } = await begun(client(KEY), input);
    await ended(client(KEY), id);
    await expect(client(KEY).batches.retrieve(id)).resolves.toMatchObject({ status: 'completed' });
  });
});
