import { type CallRecord, ConfigurationError, createGateway, GatewayError, type JsonObject, memoryStore, type Price } from '@sluice/core';
import { exactly, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { completion, localProvider } from '../support/local-provider.ts';
import { PAID } from '../support/paid-model.ts';

const ABSURD: readonly unknown[] = [undefined, null, -1, -1e9, 1e308, Number.MAX_SAFE_INTEGER, 0.5, '17', 'many', {}, [], true, 0, 5];
const BAD_PRICES: readonly unknown[] = [
  { input: -1, output: 1 },
  { input: 1, output: Number.NaN },
  { input: 1, output: Number.POSITIVE_INFINITY },
  { input: 0.5, output: 1 },
  { input: '1', output: 1 },
  { output: 1 },
  {},
];

export const proof: Proof = {
  id: 'P11',
  promise: 'What has no price, or a bad one, is never silently free',
  prove: async (run) => [await absurdUsage(run), await unpriced(run), badPrices()],
};

/** Answers are never empty, so each of them costs something, whatever is said of it. */
async function absurdUsage(run: Run): Promise<Evidence> {
  const calls = run.scaled(20_000, 300);
  const pick = (): unknown => ABSURD[Math.floor(run.random() * ABSURD.length)];
  const rows: CallRecord[] = [];
  const store = memoryStore();
  const gateway = gatewayWith(PAID, () => usageOf(run.random() < 0.1, pick), rows, store);
  let least = Number.POSITIVE_INFINITY;
  for (let call = 0; call < calls; call += 1) {
    await gateway.chat.completions.create({ model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] }, { principal: { keyId: 'k' } });
    least = Math.min(least, await store.total('spend:key:k'));
  }
  await gateway.close();
  return {
    test: 'answers with usage that is missing, negative, no number or beyond measure',
    n: calls,
    checks: [
      exactly('rows', rows.length, calls),
      none('free without a word', rows.filter(({ costNanoUsd, usage }) => !((costNanoUsd ?? 0) > 0) && !saysNothing(usage)).length, calls),
      none('cost below zero', rows.filter(({ costNanoUsd = 0 }) => costNanoUsd < 0 || !Number.isSafeInteger(costNanoUsd)).length, calls),
      exactly('spend fell below zero', least < 0 ? 1 : 0, 0),
    ],
  };
}

/** That it used nothing for the answer is what some of them say in a plausible number. */
function saysNothing(usage: CallRecord['usage']): boolean {
  return usage?.outputTokens === 0;
}

async function unpriced(run: Run): Promise<Evidence> {
  const calls = run.scaled(2_000, 50);
  const rows: CallRecord[] = [];
  let asked = 0;
  const gateway = gatewayWith(
    undefined,
    () => {
      asked += 1;
      return undefined;
    },
    rows,
    memoryStore(),
  );
  const codes = new Set<string>();
  for (let call = 0; call < calls; call += 1) {
    await gateway.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }, { principal: { keyId: 'k' } }).then(
      () => codes.add('answered'),
      (error: unknown) => codes.add(GatewayError.from(error).code),
    );
  }
  await gateway.close();
  return {
    test: 'a model without a price under a budget',
    n: calls,
    checks: [none('asked upstream', asked, calls), exactly('refused for anything but its price', codes.has('model_unpriced') ? codes.size - 1 : codes.size, 0)],
  };
}

function badPrices(): Evidence {
  const taken = BAD_PRICES.flatMap((price) => {
    try {
      void gatewayWith(price as Price, () => undefined, [], memoryStore()).close();
      return [JSON.stringify(price)];
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return [];
    }
  });
  return { test: 'prices that are negative, no number, broken or missing', n: BAD_PRICES.length, checks: [none('taken', taken, BAD_PRICES.length)] };
}

function gatewayWith(price: Price | undefined, usage: () => JsonObject | undefined, rows: CallRecord[], store: ReturnType<typeof memoryStore>) {
  return createGateway({
    providers: [localProvider(() => ({ status: 200, body: completion(usage(), 'an answer of some words') }))],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: 'local', model: 'm-of-nobody', ...(price && { price }) }] }],
    allowance: { perKey: { budgetNanoUsd: Number.MAX_SAFE_INTEGER - 1 } },
    store,
    ledger: { append: async (record) => void rows.push(record) },
    onError: () => undefined,
  });
}

function usageOf(isMissing: boolean, pick: () => unknown): JsonObject | undefined {
  return isMissing ? undefined : ({ prompt_tokens: pick(), completion_tokens: pick(), total_tokens: pick() } as JsonObject);
}
