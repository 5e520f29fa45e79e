import { afterEach, describe, expect, test } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { defineHook } from '../pipeline/hook.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Reply } from '../types/call.ts';
import type { CallRecord, Ledger } from '../types/record.ts';
import { createGateway, type Gateway } from './create-gateway.ts';
import type { GatewayOptions } from './options.ts';

const gateways: Gateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

/** A ledger that takes nothing until it is let. */
function slowLedger(): { readonly ledger: Ledger; readonly records: CallRecord[]; let(error?: Error): void } {
  const records: CallRecord[] = [];
  const waiting: { resolve(): void; reject(error: Error): void }[] = [];
  return {
    records,
    ledger: {
      append: (record) => {
        records.push(record);
        return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
      },
    },
    let: (error) => {
      for (const { resolve, reject } of waiting.splice(0)) error ? reject(error) : resolve();
    },
  };
}

function gatewayWith(reply: () => Reply, options: Partial<GatewayOptions>): Gateway {
  const answer = defineHook({
    name: 'answer',
    phase: 'cache',
    handle(ctx) {
      ctx.defer(() => {
        ctx.costNanoUsd = 42;
      });
      return reply();
    },
  });
  const gateway = createGateway({ masterKey: 'sk-a-long-master-key-for-tests', hooks: [answer], models: [], onError: () => undefined, ...options });
  gateways.push(gateway);
  return gateway;
}

const complete = (): Reply => ({ kind: 'complete', body: LazyJson.ofValue({ choices: [] }) });
const stream = (): Reply => ({
  kind: 'stream',
  batches: (async function* () {
    yield { events: [LazyJson.ofValue({ choices: [] })] };
  })(),
});
const turn = (): Promise<void> => new Promise(setImmediate);
const request = { model: 'm', messages: [{ role: 'user' as const, content: 'x' }] };
const from = { principal: { keyId: 'k', tags: ['blue'] } };

describe('P08: the last byte of an answer waits for the ledger', () => {
  test('of a complete answer', async () => {
    const { ledger, records, let: let_ } = slowLedger();
    const gateway = gatewayWith(complete, { ledger });
    let isThere = false;
    const answering = gateway.chat.completions.create(request, from).then(() => (isThere = true));
    await turn();
    expect([isThere, records.length]).toEqual([false, 1]);
    expect(records[0]).toMatchObject({ keyId: 'k', tags: ['blue'], status: 'ok', costNanoUsd: 42 });
    let_();
    await answering;
  });

  test('of a stream', async () => {
    const { ledger, records, let: let_ } = slowLedger();
    const gateway = gatewayWith(stream, { ledger });
    const chunks = (await gateway.chat.completions.create({ ...request, stream: true }, from))[Symbol.asyncIterator]();
    expect((await chunks.next()).done).toBe(false);
    let isOver = false;
    const ending = chunks.next().then(({ done }) => (isOver = done === true));
    await turn();
    expect([isOver, records.length]).toEqual([false, 1]);
    let_();
    expect(await ending).toBe(true);
  });
});

describe('a ledger that cannot take a call', () => {
  test.each([
    ['closed', undefined],
    ['open', 'open' as const],
  ])('%s: an answer is withheld unless calls may pass', async (_, onStoreError) => {
    const failing: Ledger = { append: () => Promise.reject(new Error('the disk is full')) };
    const options = { ledger: failing, ...(onStoreError && { onStoreError }) };
    const whole = gatewayWith(complete, options).chat.completions.create(request, from);
    const read = async () => {
      for await (const _chunk of await gatewayWith(stream, options).chat.completions.create({ ...request, stream: true }, from));
    };
    if (onStoreError) {
      await whole;
      await read();
    } else {
      await expect(whole).rejects.toMatchObject({ code: 'store_unavailable' });
      await expect(read()).rejects.toMatchObject({ code: 'store_unavailable' });
    }
  });
});

test('refusals of callers who are known are in it, strangers and questions to the gateway itself are not', async () => {
  const records: CallRecord[] = [];
  const ledger: Ledger = { append: async (record) => void records.push(record) };
  const gateway = gatewayWith(
    () => {
      throw new GatewayError('guardrail_blocked', 'no');
    },
    { ledger },
  );
  await expect(gateway.chat.completions.create(request, from)).rejects.toMatchObject({ code: 'guardrail_blocked' });
  await gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', body: JSON.stringify(request) });
  await gateway.fetch('http://sluice/v1/models', { headers: { authorization: 'Bearer sk-a-long-master-key-for-tests' } });
  await gateway.idle();
  expect(records.map(({ status, code }) => [status, code])).toEqual([['refused', 'guardrail_blocked']]);
});
