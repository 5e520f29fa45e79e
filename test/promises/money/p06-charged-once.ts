import { type CallRecord, createGateway, type Gateway, memoryStore } from '@sluice/core';
import { exactly, none } from '../frame/check.ts';
import type { Proof } from '../frame/proof.ts';
import { chunks, completion, type LocalAnswer, localProvider } from '../support/local-provider.ts';
import { PAID, TOKEN_NANO_USD } from '../support/paid-model.ts';

const LANES = 32;
const ATTEMPTS = 12;

/** The oracle: what the upstream has given for each call, and nothing clever. */
type Given = { readonly plan: readonly Attempt[]; next: number; tokens: number };
type Attempt = 'fails' | 'is busy' | 'refuses' | 'answers' | 'streams' | 'breaks off';

export const proof: Proof = {
  id: 'P06',
  promise: 'Each client request is charged exactly once',
  async prove(run) {
    const histories = run.scaled(100_000, 500);
    const given = Array.from({ length: histories }, (): Given => ({ plan: Array.from({ length: ATTEMPTS }, () => attempt(run.random)), next: 0, tokens: 0 }));
    const rows: CallRecord[] = [];
    const store = memoryStore();
    const gateway = gatewayOver(given, run.random, rows, store);
    let index = 0;
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        for (let mine = index++; mine < histories; mine = index++) await callFor(gateway, mine, mine % 2 === 0);
      }),
    );
    await gateway.idle();
    const [spent, held] = [await store.total('spend:key:k'), await store.total('budget:key:k')];
    await gateway.close();

    const byCall = new Map<number, CallRecord[]>();
    for (const row of rows) byCall.set(Number(row.endUserId), [...(byCall.get(Number(row.endUserId)) ?? []), row]);
    const charged = given.map(({ tokens }, call) => {
      const [row] = byCall.get(call) ?? [];
      return row !== undefined && (row.costNanoUsd ?? 0) === tokens * TOKEN_NANO_USD;
    });
    const paid = given.reduce((sum, { tokens }) => sum + tokens, 0) * TOKEN_NANO_USD;
    return [
      {
        test: 'random retries, fallbacks, refusals, streams and breaks, against a naive ledger of what the upstream gave',
        n: histories,
        checks: [
          none('missing', histories - byCall.size, histories),
          none('duplicates', rows.length - byCall.size, histories),
          none('charged otherwise than given', charged.filter((isRight) => !isRight).length, histories),
          exactly('drift of counters', Math.abs(spent - paid), 0, { unit: 'nano-dollars' }),
          exactly('held at rest', held - spent, 0),
        ],
      },
    ];
  },
};

function gatewayOver(given: readonly Given[], random: () => number, rows: CallRecord[], store: ReturnType<typeof memoryStore>): Gateway {
  const provider = localProvider(({ user, stream }) => act(given[Number(user)] as Given, stream === true, random));
  const deployment = (id: string) => ({ id, provider: 'local', model: 'm', price: PAID });
  return createGateway({
    providers: [provider],
    models: [
      { name: 'm', deployments: [deployment('one'), deployment('other')], fallbacks: ['spare'] },
      { name: 'spare', deployments: [deployment('spare')] },
    ],
    allowance: { perKey: { budgetNanoUsd: 1e15 } },
    // Nobody rests: every history is to be as if it were the first.
    router: { retries: 3, backoffMs: 0, cooldownMs: 0 },
    store,
    ledger: { append: async (record) => void rows.push(record) },
    onError: () => undefined,
  });
}

function attempt(random: () => number): Attempt {
  const kinds: readonly Attempt[] = ['fails', 'is busy', 'refuses', 'answers', 'streams', 'breaks off', 'answers', 'streams'];
  return kinds[Math.floor(random() * kinds.length)] as Attempt;
}

function act(call: Given, isStream: boolean, random: () => number): LocalAnswer {
  const what = call.plan[call.next++] ?? 'answers';
  if (what === 'fails') return { status: 500, body: {} };
  if (what === 'is busy') return { status: 429, body: {} };
  if (what === 'refuses') return { status: 400, body: {} };
  const tokens = 1 + Math.floor(random() * 20);
  call.tokens += tokens;
  const usage = { prompt_tokens: 3, completion_tokens: tokens };
  if (!isStream) return { status: 200, body: completion(usage) };
  // Of a stream that says nothing of its usage every word is counted.
  return { status: 200, events: chunks(tokens, what === 'answers' ? usage : undefined), breaks: what === 'breaks off' };
}

async function callFor(gateway: Gateway, index: number, isStream: boolean): Promise<void> {
  const request = { model: 'm', user: String(index), max_tokens: 20, messages: [{ role: 'user' as const, content: 'Say it' }] };
  const options = { principal: { keyId: 'k' } };
  try {
    if (!isStream) await gateway.chat.completions.create(request, options);
    else for await (const _ of await gateway.chat.completions.create({ ...request, stream: true }, options));
  } catch {
    // How a call ends for its caller is another promise.
  }
}
