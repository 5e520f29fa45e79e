import assert from 'node:assert/strict';
import type { Deployment, RoutedCall, Strategy } from '@sluice/core';
import type { ContractCase } from '../store/store-contract.ts';
import { routedCall, type RoutedCallOptions } from './routed-call.ts';

export type MakeStrategy = () => Strategy;

const DEPLOYMENTS: readonly Deployment[] = [
  { id: 'a', provider: 'p', model: 'small', weight: 3 },
  { id: 'b', provider: 'p', model: 'large', requestsPerMinute: 10, tokensPerMinute: 1_000, region: 'eu-west-1' },
  { id: 'c', provider: 'q', model: 'large', weight: 0, order: 2, tags: ['x'] },
];

/** Calls that say nothing, much, and nonsense. */
const CALLS: readonly RoutedCallOptions[] = [
  {},
  { isStream: true, loads: { a: { inFlight: 5, firstTokenMs: 900, answerMs: 4_000, requests: 50, tokens: 90_000 } }, costs: { a: 5, b: 0, c: 1e12 } },
  { request: { model: '' }, text: '', session: '', inputTokens: 0, costs: { a: 0 } },
  { text: '💥'.repeat(5_000), inputTokens: 1e9, tags: ['x', 'y'], metadata: { tier: null }, headers: { 'x-a': ['1', '2'] } },
  { random: () => 0 },
  { random: () => 0.999999999 },
];

const CASES: readonly (readonly [name: string, check: (strategy: Strategy) => Promise<void>])[] = [
  ['has a plain name', async ({ name }) => assert.match(name, /^[\w.-]+$/)],
  [
    'picks one of the candidates it was given, whatever is known of the call',
    async (strategy) => {
      for (const said of CALLS) for (const among of subsets(DEPLOYMENTS)) await pickFrom(strategy, among, routedCall(said));
    },
  ],
  [
    'picks another one when the first has failed, for the same call',
    async (strategy) => {
      for (const said of CALLS) {
        const call = routedCall(said);
        let left = DEPLOYMENTS;
        while (left.length > 0) {
          const picked = await pickFrom(strategy, left, call);
          left = left.filter((deployment) => deployment !== picked);
        }
      }
    },
  ],
  [
    'leaves what it was given as it was',
    async (strategy) => {
      const among = DEPLOYMENTS.map((deployment) => Object.freeze({ ...deployment }));
      await pickFrom(strategy, Object.freeze(among), routedCall());
    },
  ],
  [
    'scores by numbers, or not at all',
    async (strategy) => {
      for (const said of CALLS) {
        for (const deployment of DEPLOYMENTS) {
          const score = strategy.score?.(deployment, routedCall(said));
          assert.ok(score === undefined || (typeof score === 'number' && !Number.isNaN(score)), `${deployment.id} has the score ${score}`);
        }
      }
    },
  ],
  [
    'gives reasons in words',
    async (strategy) => {
      for (const said of CALLS) {
        const call = routedCall(said);
        const reason = await strategy.reason?.(await pickFrom(strategy, DEPLOYMENTS, call), call);
        assert.ok(reason === undefined || reason.trim() !== '', 'a reason is empty');
      }
    },
  ],
  [
    'judges answers of any form, where it judges them',
    async (strategy) => {
      for (const text of ['', 'An answer.', '{"a":1}', 'x'.repeat(100_000)])
        for (const finishReason of [undefined, 'stop', 'length', 'tool_calls'])
          assert.ok([true, false, undefined].includes(await strategy.accepts?.({ body: {}, text, finishReason }, routedCall())));
    },
  ],
];

/**
 * Every rule that a strategy keeps, as cases for any test runner.
 *
 * @example
 * for (const { name, run } of strategyContract(() => mine())) test(name, run);
 */
export function strategyContract(make: MakeStrategy): readonly ContractCase[] {
  return CASES.map(([name, check]) => ({ name, run: () => check(make()) }));
}

async function pickFrom(strategy: Strategy, among: readonly Deployment[], call: RoutedCall): Promise<Deployment> {
  const picked = await strategy.pick(among, call);
  assert.ok(among.includes(picked), `'${strategy.name}' picked ${picked?.id ?? 'nothing'} of ${among.map(({ id }) => id).join(', ')}`);
  return picked;
}

/** Every choice of one or more. */
function subsets(all: readonly Deployment[]): Deployment[][] {
  return Array.from({ length: 2 ** all.length - 1 }, (_, bits) => all.filter((__, index) => ((bits + 1) >> index) & 1));
}
