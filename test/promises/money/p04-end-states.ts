import { createGateway, type Gateway, GatewayError, memoryStore, type Principal, type Store } from '@sluice/core';
import { openaiCompatible } from '@sluice/provider-openai';
import { redisStore } from '@sluice/store-redis';
import { hasRedis, startRedis } from '@sluice/testing/servers';
import { startUpstream } from '../../governance/support/upstream.ts';
import { exactly, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { byModel, END_STATES, type EndState, groupsOf, noForbiddenWords } from '../support/end-states.ts';
import { TOKEN_NANO_USD } from '../support/paid-model.ts';
import { until } from '../support/until.ts';

const CENT = 10 * TOKEN_NANO_USD;
const AT_ONCE = 20;

export const proof: Proof = {
  id: 'P04',
  promise: 'Every path releases its reservation once',
  lacks: () => (hasRedis() ? undefined : 'redis-server is not installed'),
  async prove(run) {
    const redis = await startRedis();
    const shared = redisStore({ url: redis.url, timeoutMs: 10_000 });
    try {
      return [...(await overStates(run, memoryStore(), 'memory')), ...(await overStates(run, shared, 'Redis'))];
    } finally {
      await shared.close?.();
      await redis.stop();
    }
  },
};

async function overStates(run: Run, store: Store, name: string): Promise<readonly Evidence[]> {
  const upstream = await startUpstream(byModel);
  const gateway = gatewayOver(upstream.baseUrl, store);
  try {
    const rounds = run.scaled(200, 10);
    const all: Settled[] = [];
    for (const state of END_STATES) all.push(await settled(gateway, store, state, rounds));
    const calls = rounds * END_STATES.length;
    return [
      {
        test: `${END_STATES.length} ways to end x ${rounds}, beside a call that holds a cent, and then a good one; ${name}`,
        n: calls,
        checks: [
          none(
            'ended otherwise',
            all.flatMap(({ others }) => others),
            calls,
          ),
          none(
            'leaked',
            all.reduce((sum, { leaked }) => sum + leaked, 0),
            calls,
          ),
          none(
            'given back twice',
            all.reduce((sum, { twice }) => sum + twice, 0),
            calls,
          ),
          exactly(
            'charged otherwise than given',
            all.reduce((sum, { drift }) => sum + drift, 0),
            0,
            { unit: 'nano-dollars' },
          ),
          none('good calls refused afterwards', all.filter(({ isGoodAfterwards }) => !isGoodAfterwards).length, END_STATES.length),
        ],
      },
    ];
  } finally {
    await gateway.close();
    await upstream.close();
  }
}

function gatewayOver(baseUrl: string, store: Store): Gateway {
  return createGateway({
    providers: [openaiCompatible({ name: 'upstream', baseUrl: baseUrl })],
    models: groupsOf(baseUrl),
    guardrails: [{ guardrail: noForbiddenWords, on: ['input', 'output'] }],
    router: { retries: 0, cooldownMs: 0 },
    onError: () => undefined,
    store,
  });
}

type Settled = {
  readonly others: readonly string[];
  /** Holds, by their number: of money and of places. */
  readonly leaked: number;
  readonly twice: number;
  readonly drift: number;
  readonly isGoodAfterwards: boolean;
};

/** One way to end, again and again, while another call of the same key holds a cent: what is given back twice is taken from it. */
async function settled(gateway: Gateway, store: Store, state: EndState, rounds: number): Promise<Settled> {
  const keyId = state.name;
  const principal: Principal = { keyId, budgetNanoUsd: 1e12, limits: { parallelCalls: 1_000 } };
  const standing = new AbortController();
  const stands = outcome(gateway, { ...BESIDE, signal: standing.signal, principal });
  const others: string[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next++ < rounds) {
        const end = await one(gateway, state, { ...principal, ...(state.accounts && { accounts: state.accounts }) });
        if (end !== state.ends) others.push(`${state.name}: ${end}`);
      }
    }),
  );
  // What comes after the answer of the last ones, on a machine that is busy, and what would come too often.
  await until(async () => isAlone(await totals(store, keyId)), 10_000).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const [budget, spent, parallel] = await totals(store, keyId);
  standing.abort();
  await stands;
  await gateway.idle();
  const [budgetAtRest, spentAtRest, parallelAtRest] = await totals(store, keyId);
  const heldBeside = budget - spent - CENT;
  const isGoodAfterwards = (await outcome(gateway, { model: 'a complete answer', principal: { ...principal, budgetNanoUsd: spentAtRest + CENT } })) === 'ok';
  return {
    others,
    leaked: Math.max(0, heldBeside, budgetAtRest - spentAtRest) / CENT + Math.max(0, parallel - 1, parallelAtRest),
    twice: Math.max(0, -heldBeside, spentAtRest - budgetAtRest) / CENT + Math.max(0, 1 - parallel),
    drift: Math.abs(spentAtRest - rounds * state.tokens * TOKEN_NANO_USD),
    isGoodAfterwards,
  };
}

/** Never answered: it holds what it may cost. */
const BESIDE = { model: 'a caller who leaves before the answer' };

function isAlone([budget, spent, parallel]: readonly [number, number, number]): boolean {
  return budget - spent === CENT && parallel === 1;
}

async function totals(store: Store, keyId: string): Promise<readonly [number, number, number]> {
  return [await store.total(`budget:key:${keyId}`), await store.total(`spend:key:${keyId}`), await store.total(`parallel:key:${keyId}`)];
}

async function one(gateway: Gateway, state: EndState, principal: Principal): Promise<string> {
  const { name: model, content, isStream, leaves } = state;
  const controller = new AbortController();
  if (leaves === 'before the answer') setTimeout(() => controller.abort(), 20);
  let leaving: NodeJS.Timeout | undefined;
  return outcome(gateway, {
    model,
    principal,
    signal: controller.signal,
    ...(content !== undefined && { content }),
    ...(isStream && { isStream }),
    // A guardrail keeps back what it cannot judge yet, so not all that has come is heard.
    ...(leaves === 'inside the stream' && { onChunk: () => (leaving ??= setTimeout(() => controller.abort(), 200)) }),
  });
}

type Asked = {
  readonly model: string;
  readonly principal: Principal;
  readonly signal?: AbortSignal;
  readonly content?: string;
  readonly isStream?: true;
  readonly onChunk?: () => unknown;
};

/** Makes one call, and answers how it ended for its caller. */
async function outcome(gateway: Gateway, { model, principal, signal, content = 'Say it', isStream, onChunk }: Asked): Promise<string> {
  const request = { model, max_tokens: 10, messages: [{ role: 'user' as const, content }] };
  const options = { principal, ...(signal && { signal }) };
  try {
    if (!isStream) await gateway.chat.completions.create(request, options);
    else for await (const _ of await gateway.chat.completions.create({ ...request, stream: true }, options)) onChunk?.();
    return 'ok';
  } catch (error) {
    return GatewayError.from(error).code;
  }
}
