import { type CallRecord, createGateway, memoryStore } from '@sluice/core';
import { openaiCompatible } from '@sluice/provider-openai';
import { atMost, exactly, none } from '../frame/check.ts';
import type { Proof } from '../frame/proof.ts';
import { startCountingUpstream } from '../support/fork-counting-upstream.ts';
import { groupOf } from '../support/group-of.ts';
import { PAID, TOKEN_NANO_USD } from '../support/paid-model.ts';

const AT_ONCE = 20;
const LONGEST = 40;

export const proof: Proof = {
  id: 'P07',
  promise: 'Aborted streams are charged for what was sent',
  async prove(run) {
    const aborts = run.scaled(2_000, 60);
    const rows: CallRecord[] = [];
    const store = memoryStore();
    const upstream = await startCountingUpstream(run, { chunks: 3 * LONGEST, everyMs: 20 });
    const gateway = createGateway({
      providers: [openaiCompatible({ name: 'upstream', baseUrl: upstream.baseUrl })],
      models: [groupOf('m', [upstream.baseUrl], {}, { price: PAID })],
      allowance: { perKey: { budgetNanoUsd: 1e15 } },
      store,
      ledger: { append: async (record) => void rows.push(record) },
    });
    const leaveAfter = Array.from({ length: aborts }, () => Math.floor(run.random() * LONGEST));
    async function leave(index: number): Promise<void> {
      const controller = new AbortController();
      const request = { model: 'm', user: String(index), stream: true as const, messages: [{ role: 'user' as const, content: 'Go on' }] };
      // Half of them leave at a moment of their own, the others behind a chunk.
      if (index % 2 === 0) setTimeout(() => controller.abort(), 1 + 20 * (leaveAfter[index] ?? 0));
      let heard = 0;
      try {
        for await (const _ of await gateway.chat.completions.create(request, { principal: { keyId: 'k' }, signal: controller.signal }))
          if (index % 2 === 1 && ++heard > (leaveAfter[index] ?? 0)) controller.abort();
      } catch {
        // It was meant to end so.
      }
    }
    try {
      let next = 0;
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          for (let mine = next++; mine < aborts; mine = next++) await leave(mine);
        }),
      );
      await gateway.idle();
      const sent = await upstream.sent();
      const charged = new Map(rows.map((row) => [row.endUserId, (row.costNanoUsd ?? 0) / TOKEN_NANO_USD]));
      const apart = leaveAfter.map((_, index) => Math.abs((charged.get(String(index)) ?? 0) - (sent[index] ?? 0)));
      const cost = rows.reduce((sum, { costNanoUsd = 0 }) => sum + costNanoUsd, 0);
      const [spent, budget] = [await store.total('spend:key:k'), await store.total('budget:key:k')];
      return [
        {
          test: 'callers who leave streams of 50 tokens a second at random moments, against what the upstream had sent',
          n: aborts,
          checks: [
            exactly('rows', rows.length, aborts),
            none('calls without a row', aborts - charged.size, aborts),
            atMost('charged and sent apart, at most', Math.max(...apart), 2, { unit: 'tokens', bearable: 20 }),
            exactly('drift of counters', Math.abs(spent - cost) + Math.abs(budget - cost), 0, { unit: 'nano-dollars' }),
          ],
        },
      ];
    } finally {
      await gateway.close();
      await upstream.close();
    }
  },
};
