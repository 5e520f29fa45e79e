import type { Allowance, GatewayOptions } from '@sluice/core';
import { answer, type Script, startUpstream, stream, type Upstream } from '../../governance/support/upstream.ts';
import { exactly, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { type GovernedSite, lacksServers, overSites } from '../support/governed-sites.ts';
import { groupOf } from '../support/group-of.ts';
import type { Instance } from '../support/instance.ts';
import { leaveAfter } from '../support/leave-after.ts';
import { ALLOWED_ONE_CENT, KEY, PAID } from '../support/paid-model.ts';
import { together } from '../support/storm.ts';

const CENT = 10_000_000;
const MINUTE_MS = 60_000;
const USAGE = { prompt_tokens: 50, completion_tokens: 10 };
const MUCH: Allowance = {
  limits: { requestsPerMinute: 1e6, tokensPerMinute: 1e9, parallelCalls: 1e6, costPerMinuteNanoUsd: 1e15 },
  budgetNanoUsd: 1e15,
};

/** What a call may be refused for, each so small that one call fills it. */
const SMALL: Readonly<Record<string, Allowance>> = {
  requests: { limits: { requestsPerMinute: 1 } },
  tokens: { limits: { tokensPerMinute: 60 } },
  parallel: { limits: { parallelCalls: 1 } },
  cost: { limits: { costPerMinuteNanoUsd: CENT } },
  budget: { budgetNanoUsd: CENT },
};
const OWNERS = ['key', 'user', 'key_model'] as const;

type Case = { readonly id: string; readonly code: string; readonly body: object; readonly holdsOpen?: true };

/** Every control of every owner, and what refuses calls before and behind them. */
const CASES: readonly Case[] = [
  ...OWNERS.flatMap((owner) =>
    Object.keys(SMALL).map((kind): Case => {
      const code = kind === 'budget' ? '402 budget_exceeded' : '429 rate_limited';
      return { id: `${kind}-${owner}`, code, body: ALLOWED_ONE_CENT, ...(kind === 'parallel' && { holdsOpen: true }) };
    }),
  ),
  { id: 'guardrail', code: '400 word', body: { ...ALLOWED_ONE_CENT, messages: [{ role: 'user', content: 'the forbidden word' }] } },
  { id: 'bad-request', code: '400 invalid_request', body: { ...ALLOWED_ONE_CENT, messages: 'none' } },
  { id: 'not-allowed', code: '403 model_not_allowed', body: { ...ALLOWED_ONE_CENT, model: 'kept' } },
  { id: 'unknown-model', code: '404 model_not_found', body: { ...ALLOWED_ONE_CENT, model: 'nowhere' } },
];

const LASTING = ['parallel', 'budget', 'spend'];
const IN_WINDOWS = ['requests', 'tokens', 'cost'];
const countedOf = ({ id }: Case): readonly string[] => [`key:k-${id}`, `key_model:k-${id}:m`, `user:u-${id}`, `team:t-${id}`, 'gateway:'];
const COUNTERS_OF_A_CASE = (LASTING.length + IN_WINDOWS.length) * 5;

export const proof: Proof = {
  id: 'P17',
  promise: 'A call that is refused burns nothing',
  lacks: lacksServers,
  prove: (run) => overSites(run, run.isShort ? ['memory', 'two'] : ['memory', 'one', 'two'], (site) => eachInTurn(run, site)),
};

async function eachInTurn(run: Run, site: GovernedSite): Promise<Evidence> {
  const calls = run.scaled(1_000, 20);
  const upstream = await startUpstream(byKind);
  try {
    const instances = await site.open({ ...optionsOf(upstream.baseUrl), redis: { timeoutMs: 10_000 } });
    const changed: string[] = [];
    const otherwise: string[] = [];
    let askedInVain = 0;
    for (const one of CASES) {
      await fill(instances[0] as Instance, one, upstream);
      const [before, asked] = [await atRest(instances[0] as Instance, one), upstream.calls];
      const storms = instances.map((instance) => instance.storm({ calls: calls / instances.length, key: keyOf(one), body: one.body }));
      for (const [code, count] of Object.entries(together(await Promise.all(storms))))
        if (code !== one.code) otherwise.push(...Array(count).fill(`${one.id}: ${code}`));
      const after = await atRest(instances[0] as Instance, one);
      for (const [counter, total] of before)
        if (isBurnt(counter, total, after.get(counter) ?? -1)) changed.push(`${one.id}: ${counter} from ${total} to ${after.get(counter)}`);
      askedInVain += upstream.calls - asked;
    }
    return {
      test: `${calls} calls refused by each of ${CASES.length} controls in turn`,
      n: calls * CASES.length,
      checks: [
        none('refused otherwise', otherwise, calls * CASES.length),
        none('counters that changed', changed, CASES.length * COUNTERS_OF_A_CASE),
        exactly('asked upstream', askedInVain, 0),
      ],
    };
  } finally {
    await upstream.close();
  }
}

/** What is counted in a window fades as time goes by; nothing else may be different. */
function isBurnt(counter: string, before: number, after: number): boolean {
  return IN_WINDOWS.some((kind) => counter.startsWith(`${kind}:`)) ? after > before : after !== before;
}

/** One call that takes all that there is; where places are what is scarce, it stays. */
async function fill(instance: Instance, one: Case, upstream: Upstream): Promise<void> {
  const asked = upstream.calls;
  if (!one.holdsOpen) return void (await instance.storm({ calls: 1, key: keyOf(one), body: ALLOWED_ONE_CENT }));
  void leaveAfter(instance.url, keyOf(one), 120_000);
  while (upstream.calls === asked) await pause(20);
}

/** The totals of everybody who answers for a call, once they stand still. */
async function atRest(instance: Instance, one: Case): Promise<ReadonlyMap<string, number>> {
  for (let last = await totals(instance, one); ; ) {
    await pause(100);
    const now = await totals(instance, one);
    if ([...now].every(([counter, total]) => last.get(counter) === total)) return now;
    last = now;
  }
}

async function totals(instance: Instance, one: Case): Promise<ReadonlyMap<string, number>> {
  const named = (kinds: readonly string[]): string[] => kinds.flatMap((kind) => countedOf(one).map((whose) => `${kind}:${whose}`));
  const [lasting, windows] = [named(LASTING), named(IN_WINDOWS)];
  const found = [...(await instance.totals(lasting)), ...(await instance.totals(windows, MINUTE_MS))];
  return new Map([...lasting, ...windows].map((counter, index) => [counter, found[index] ?? -1]));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Streams that go on for as long as they are read, and answers for the rest. */
const byKind: Script = (request) => (request.body.stream === true ? stream({ chunks: 10_000, everyMs: 50 })(request) : answer(USAGE)(request));

function keyOf({ id }: Case): string {
  return `${KEY}-${id}`;
}

/** All owners of a call have every kind of control with much room in it, but for the one that is in turn. */
function optionsOf(baseUrl: string): Pick<GatewayOptions, 'models' | 'keys' | 'allowance'> & { readonly blockedWord: string } {
  const small = (id: string, owner: string): Allowance => {
    const [kind = '', whose] = id.split(/-(?=(?:key|user|key_model)$)/);
    return whose === owner ? { ...MUCH, ...SMALL[kind], limits: { ...MUCH.limits, ...SMALL[kind]?.limits } } : MUCH;
  };
  const price = { price: PAID };
  return {
    models: [groupOf('m', [baseUrl], {}, price), groupOf('kept', [baseUrl], {}, price)],
    keys: CASES.map(({ id }) => ({
      id: `k-${id}`,
      key: `${KEY}-${id}`,
      userId: `u-${id}`,
      teamId: `t-${id}`,
      models: ['m', 'nowhere'],
      modelAllowances: { m: small(id, 'key_model') },
      ...small(id, 'key'),
    })),
    allowance: { users: Object.fromEntries(CASES.map(({ id }) => [`u-${id}`, small(id, 'user')])), perTeam: MUCH, gateway: MUCH },
    blockedWord: 'forbidden',
  };
}
