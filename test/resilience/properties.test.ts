import { createGateway, type ModelGroup, type Provider, type WireResponse } from '@sluice/core';
import { openaiCompatible } from '@sluice/provider-openai';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ask, toTold } from './support.ts';

/** What a deployment does with one try. */
type Outcome = 'whole' | 'refused' | 'limited' | 'unreachable' | 'too-long' | 'unwanted' | 'error-event' | 'breaks-at-once' | { readonly breaksAfter: number };

type GroupPlan = {
  /** Of each deployment, one outcome a try; the last one stays. */
  readonly deployments: readonly (readonly Outcome[])[];
  /** Places of groups, itself among them. */
  readonly fallbacks: readonly number[];
  readonly contextFallbacks: readonly number[];
  readonly contentPolicyFallbacks: readonly number[];
};

type Plan = { readonly groups: readonly GroupPlan[]; readonly retries: number; readonly maxFallbacks: number };

const WORDS = 4;

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constantFrom<Outcome>('whole', 'refused', 'limited', 'unreachable', 'too-long', 'unwanted', 'error-event', 'breaks-at-once'),
  fc.record({ breaksAfter: fc.integer({ min: 1, max: WORDS }) }),
);

const plan: fc.Arbitrary<Plan> = fc.integer({ min: 1, max: 6 }).chain((count) => {
  const others = fc.array(fc.nat({ max: count - 1 }), { maxLength: 4 });
  const group = fc.record({
    deployments: fc.array(fc.array(outcome, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    fallbacks: others,
    contextFallbacks: others,
    contentPolicyFallbacks: others,
  });
  return fc.record({
    groups: fc.array(group, { minLength: count, maxLength: count }),
    retries: fc.nat({ max: 3 }),
    maxFallbacks: fc.nat({ max: 6 }),
  });
});

it('whatever fails in whatever graph: no circle, no try too many, nothing repeated, no silent end (P20, P28, P29)', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async (given) => {
      const { tries, told } = await call(given);
      expect(tries.length).toBeLessThanOrEqual((1 + given.retries) * (1 + given.maxFallbacks));
      const visited = tries.filter((group, index) => group !== tries[index - 1]);
      expect(visited).toHaveLength(new Set(visited).size);

      // Each word names the try that said it: all of one, in order, and none after it.
      const words = told.text.split(' ').filter((word) => word !== '');
      expect(words).toEqual(words.map((_, index) => `${tries.length}:${index}`));
      expect(told.isDone).toBe(told.error === undefined);
      if (told.isDone) expect(words).toHaveLength(WORDS);
    }),
    { numRuns: 150 },
  );
}, 60_000);

/** One streamed call to the first group, and whom it was tried at. */
async function call({ groups, retries, maxFallbacks }: Plan): Promise<{ readonly tries: readonly string[]; readonly told: ReturnType<typeof toTold> }> {
  const tries: string[] = [];
  const left = new Map<string, Outcome[]>();
  for (const [group, { deployments }] of groups.entries()) for (const [index, outcomes] of deployments.entries()) left.set(`g${group}-${index}`, [...outcomes]);
  const provider: Provider = {
    ...openaiCompatible({ name: 'upstream', baseUrl: 'http://127.0.0.1:1/v1' }),
    send({ body }) {
      const { model } = JSON.parse(String(body)) as { readonly model: string };
      tries.push(model.slice(0, model.indexOf('-')));
      const outcomes = left.get(model) ?? [];
      return answer((outcomes.length > 1 ? outcomes.shift() : outcomes[0]) ?? 'refused', tries.length);
    },
  };
  const named = (places: readonly number[]): string[] => places.map((place) => `g${place}`);
  const models = groups.map(
    ({ deployments, fallbacks, contextFallbacks, contentPolicyFallbacks }, group): ModelGroup => ({
      name: `g${group}`,
      deployments: deployments.map((_, index) => ({ id: `g${group}-${index}`, provider: 'upstream', model: `g${group}-${index}` })),
      fallbacks: named(fallbacks),
      contextFallbacks: named(contextFallbacks),
      contentPolicyFallbacks: named(contentPolicyFallbacks),
    }),
  );
  const gateway = createGateway({ auth: false, providers: [provider], models, router: { retries, maxFallbacks, backoffMs: 0, maxBackoffMs: 0 } });
  try {
    return { tries, told: toTold(await ask(gateway, 'g0')) };
  } finally {
    await gateway.close();
  }
}

const REFUSALS: Readonly<Record<string, readonly [status: number, code: string]>> = {
  refused: [500, 'server_error'],
  limited: [429, 'rate_limit_exceeded'],
  'too-long': [400, 'context_length_exceeded'],
  unwanted: [400, 'content_policy_violation'],
};

async function answer(wanted: Outcome, number: number): Promise<WireResponse> {
  if (wanted === 'unreachable') throw new Error('connect ECONNREFUSED');
  const [status, code] = (typeof wanted === 'string' && REFUSALS[wanted]) || [200, ''];
  if (status !== 200) return { status, headers: { 'content-type': 'application/json' }, body: bytes([JSON.stringify({ error: { message: code, code } })]) };
  return {
    status,
    headers: { 'content-type': 'text/event-stream' },
    body: bytes(eventsOf(wanted, number), typeof wanted !== 'string' || wanted === 'breaks-at-once'),
  };
}

function eventsOf(wanted: Outcome, number: number): string[] {
  if (wanted === 'error-event') return [`data: ${JSON.stringify({ error: { message: 'overloaded', code: 503 } })}\n\n`];
  if (wanted === 'breaks-at-once') return [];
  const words = Array.from({ length: typeof wanted === 'string' ? WORDS : wanted.breaksAfter }, (_, index) => `${number}:${index} `);
  return [...words.map((content) => eventOf({ content }, null)), ...(wanted === 'whole' ? [eventOf({}, 'stop'), 'data: [DONE]\n\n'] : [])];
}

function eventOf(delta: object, finish: string | null): string {
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
}

async function* bytes(texts: readonly string[], breaks = false): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
  if (breaks) throw new Error('read ECONNRESET');
}
