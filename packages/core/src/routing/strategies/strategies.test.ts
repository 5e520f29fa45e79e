import { describe, expect, it } from 'vitest';
import { modelRegistry } from '../../models/model-registry.ts';
import { Context } from '../../pipeline/context.ts';
import type { ModelRequest } from '../../types/chat.ts';
import type { Deployment } from '../../types/model.ts';
import type { Strategy } from '../../types/strategy.ts';
import { Routing } from '../routing.ts';
import type { GroupCall } from '../routed-call.ts';
import { complexity } from './complexity.ts';
import { complexityScorer } from './complexity-score.ts';
import type { Condition } from './condition.ts';
import { conditional } from './conditional.ts';
import { costBased } from './cost-based.ts';
import { geographic } from './geographic.ts';
import { hybrid } from './hybrid.ts';
import { latencyBased } from './latency-based.ts';
import { leastBusy } from './least-busy.ts';
import { semantic } from './semantic.ts';
import { simpleShuffle } from './simple-shuffle.ts';
import { split } from './split.ts';
import { sticky } from './sticky.ts';
import { usageBased } from './usage-based.ts';

const deployment = (id: string, more: Partial<Deployment> = {}): Deployment => ({ id, provider: 'p', model: id, ...more });
const user = (content: string): Partial<ModelRequest> => ({ messages: [{ role: 'user', content }] });

/** A router of one group, and calls to it. */
function setUp(
  deployments: readonly Deployment[],
  tools: { random?: () => number; embed?: (model: string, texts: readonly string[]) => Promise<number[][]> } = {},
) {
  let now = 0;
  const models = modelRegistry([{ name: 'm', deployments }, ...deployments.map((one) => ({ name: `only-${one.id}`, deployments: [one] }))]);
  const routing = new Routing({ models, now: () => now, ...tools });
  const group = models.resolve('m');
  if (!group) throw new Error('no group');
  return {
    routing,
    all: group.deployments,
    pass: (ms: number) => void (now += ms),
    load: (id: string) => routing.book.load(group.deployments.find((one) => one.id === id) as Deployment),
    call(request: Partial<ModelRequest> = {}, headers: Record<string, string> = {}, principal: object = {}): GroupCall {
      const ctx = new Context({
        id: 'c',
        operation: 'chat',
        request: { model: 'm', ...user('hi'), ...request },
        principal: { keyId: 'k', ...principal },
        source: { credentials: [], headers },
        controller: new AbortController(),
      });
      return routing.callOf(ctx, undefined);
    },
  };
}

/** How often each is picked. */
async function shares(strategy: Strategy, { all, call }: ReturnType<typeof setUp>, calls = 2_000): Promise<Record<string, number>> {
  const counts: Record<string, number> = Object.fromEntries(all.map(({ id }) => [id, 0]));
  for (let index = 0; index < calls; index += 1) {
    const { id } = await strategy.pick(all, call());
    counts[id] = (counts[id] ?? 0) + 1 / calls;
  }
  return counts;
}

describe('simple-shuffle', () => {
  it.each<[string, Partial<Deployment>[], number[]]>([
    ['weights', [{ weight: 3 }, { weight: 1 }], [0.75, 0.25]],
    ['calls a minute', [{ requestsPerMinute: 900 }, { requestsPerMinute: 100 }], [0.9, 0.1]],
    ['tokens a minute', [{ tokensPerMinute: 100 }, { tokensPerMinute: 300 }], [0.25, 0.75]],
    ['a weight only the second has', [{ requestsPerMinute: 1 }, { weight: 3 }], [0.25, 0.75]],
    ['nothing', [{ requestsPerMinute: 5 }, {}], [0.5, 0.5]],
  ])('shares by %s', async (_, own, expected) => {
    const counts = await shares(simpleShuffle(), setUp(own.map((more, index) => deployment(String(index), more))), 4_000);
    expected.forEach((share, index) => expect(counts[String(index)]).toBeCloseTo(share, 1));
  });
});

describe('least-busy', () => {
  it('goes where the fewest calls are under way', async () => {
    const { all, call, load } = setUp([deployment('a'), deployment('b')]);
    load('a').begin();
    expect((await leastBusy().pick(all, call())).id).toBe('b');
    load('b').begin();
    load('b').begin();
    expect((await leastBusy().pick(all, call())).id).toBe('a');
    load('b').end(undefined);
    load('b').end(undefined);
    expect((await leastBusy().pick(all, call())).id).toBe('b');
  });
});

describe('usage-based', () => {
  it('goes where limits leave the most room, and serves a limit of one', async () => {
    const { all, call, load, pass } = setUp([deployment('a', { requestsPerMinute: 10 }), deployment('b', { requestsPerMinute: 1 })]);
    const done = { isStream: false, durationMs: 1, firstTokenMs: undefined, usage: { inputTokens: 1, outputTokens: 1 } };
    const picked: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      const { id } = await usageBased().pick(all, call());
      load(id).begin();
      load(id).end(done);
      picked.push(id);
    }
    expect(picked.slice(0, 11).filter((id) => id === 'b')).toHaveLength(1);
    pass(61_000);
    expect(load('a').requests).toBe(0);
  });

  it('counts the tokens of calls under way', async () => {
    const { all, call, load } = setUp([deployment('a', { tokensPerMinute: 100 }), deployment('b', { tokensPerMinute: 1_000 })]);
    for (let index = 0; index < 3; index += 1) load('b').begin();
    expect((await usageBased().pick(all, call(user('x'.repeat(320))))).id).toBe('b');
  });
});

describe('latency-based', () => {
  const sample = (ms: number, isStream = false) => ({ isStream, durationMs: ms, firstTokenMs: ms, usage: undefined });

  it('tries each once, then leaves the slow one, and comes back when that was long ago', async () => {
    const { all, call, load, pass } = setUp([deployment('fast'), deployment('slow')]);
    const count = async () => {
      const picked: Record<string, number> = { fast: 0, slow: 0 };
      for (let index = 0; index < 100; index += 1)
        picked[(await latencyBased().pick(all, call())).id] = (picked[(await latencyBased().pick(all, call())).id] ?? 0) + 1;
      return picked;
    };
    load('fast').begin();
    load('fast').end(sample(100));
    expect((await latencyBased().pick(all, call())).id).toBe('slow');
    load('slow').begin();
    load('slow').end(sample(5_000));
    expect(await count()).toEqual({ fast: 100, slow: 0 });
    pass(600_000);
    load('fast').begin();
    load('fast').end(sample(100));
    expect((await latencyBased().pick(all, call())).id).toBe('slow');
  });

  it('measures streams by their first token, and calls that wait against a deployment', async () => {
    const { all, call, load } = setUp([deployment('a'), deployment('b')]);
    for (const [id, ms, isStream] of [
      ['a', 100, true],
      ['a', 9_000, false],
      ['b', 300, true],
      ['b', 800, false],
    ] as const) {
      load(id).begin();
      load(id).end(sample(ms, isStream));
    }
    expect((await latencyBased().pick(all, call({ stream: true }))).id).toBe('a');
    expect((await latencyBased().pick(all, call())).id).toBe('b');
    for (let index = 0; index < 5; index += 1) load('a').begin();
    expect((await latencyBased().pick(all, call({ stream: true }))).id).toBe('b');
  });
});

describe('cost-based', () => {
  it('goes by what this call will cost, not by a sum of prices', async () => {
    const { all, call } = setUp([
      deployment('dear-in', { price: { input: 10e9, output: 1e9 } }),
      deployment('dear-out', { price: { input: 1e9, output: 10e9 } }),
    ]);
    expect((await costBased().pick(all, call({ ...user('word '.repeat(5_000)), max_tokens: 10 }))).id).toBe('dear-out');
    expect((await costBased().pick(all, call({ max_tokens: 4_000 }))).id).toBe('dear-in');
  });

  it('takes one without a price last', async () => {
    const { all, call } = setUp([deployment('unpriced'), deployment('dear', { price: { input: 9e12, output: 9e12 } })]);
    expect((await costBased().pick(all, call())).id).toBe('dear');
  });
});

describe('hybrid', () => {
  it('weighs speed against cost', async () => {
    const { all, call, load } = setUp([
      deployment('fast', { price: { input: 4e9, output: 4e9 } }),
      deployment('cheap', { price: { input: 1e9, output: 1e9 } }),
    ]);
    for (const [id, ms] of [
      ['fast', 500],
      ['cheap', 1_000],
    ] as const) {
      load(id).begin();
      load(id).end({ isStream: false, durationMs: ms, firstTokenMs: ms, usage: undefined });
    }
    expect((await hybrid().pick(all, call())).id).toBe('cheap');
    expect((await hybrid({ latency: 3, cost: 1 }).pick(all, call())).id).toBe('fast');
  });
});

describe('sticky', () => {
  it('keeps a conversation in one place, shares by weight, and moves only what has to move', async () => {
    const three = setUp([deployment('a'), deployment('b'), deployment('c', { weight: 2 })]);
    const sessions = Array.from({ length: 2_000 }, (_, index) => `s${index}`);
    const place = async (all: readonly Deployment[]) => Promise.all(sessions.map(async (user) => (await sticky().pick(all, three.call({ user }))).id));
    const before = await place(three.all);
    expect(await place(three.all)).toEqual(before);
    expect(before.filter((id) => id === 'c').length / before.length).toBeCloseTo(0.5, 1);
    const after = await place(three.all.filter(({ id }) => id !== 'b'));
    before.forEach((id, index) => id !== 'b' && expect(after[index]).toBe(id));
  });

  it('knows a conversation by how it begins, and another key by its key', () => {
    const { call } = setUp([deployment('a')]);
    const first = call(user('long prompt'));
    const later = call({
      messages: [
        { role: 'user', content: 'long prompt' },
        { role: 'assistant', content: 'yes' },
        { role: 'user', content: 'more' },
      ],
    });
    expect(
      call({
        messages: [
          { role: 'system', content: 's' },
          { role: 'user', content: 'a' },
        ],
      }).session,
    ).toBe(
      call({
        messages: [
          { role: 'system', content: 's' },
          { role: 'user', content: 'a' },
          { role: 'user', content: 'b' },
        ],
      }).session,
    );
    expect(first.session).not.toBe(later.session);
    expect(first.session).not.toBe(call(user('long prompt'), {}, { keyId: 'other' }).session);
    expect(call({}, { 'x-sluice-session': 'mine' }).session).toBe('mine');
  });
});

describe('split', () => {
  it('draws a canary by its share', async () => {
    const counts = await shares(split({ shares: { 'only-a': 9, 'only-b': 1 } }), setUp([deployment('a'), deployment('b')]), 5_000);
    expect(counts.b).toBeCloseTo(0.1, 1);
  });

  it('keeps everybody in their arm, and draws anew under another name', async () => {
    const { all, call } = setUp([deployment('a'), deployment('b')]);
    const arms = async (strategy: Strategy) =>
      Promise.all(Array.from({ length: 1_000 }, async (_, index) => (await strategy.pick(all, call({ user: `u${index}` }))).id));
    const one = split({ shares: { a: 1, b: 1 }, by: 'user' });
    const first = await arms(one);
    expect(await arms(one)).toEqual(first);
    expect(first.filter((id) => id === 'a').length / 1_000).toBeCloseTo(0.5, 1);
    const other = await arms(split({ shares: { a: 1, b: 1 }, by: 'user', name: 'second test' }));
    expect(other.filter((id, index) => id === first[index]).length / 1_000).toBeCloseTo(0.5, 1);
  });
});

describe('conditional', () => {
  const holds = async (when: Condition, ...of: Parameters<ReturnType<typeof setUp>['call']>) => {
    const { all, call } = setUp([deployment('no'), deployment('yes')]);
    return (await conditional({ rules: [{ when, use: 'only-yes' }], otherwise: 'no' }).pick(all, call(...of))).id;
  };

  it.each<[Condition, string]>([
    [{ 'metadata.tier': 'gold' }, 'yes'],
    [{ 'metadata.tier': { in: ['silver', 'gold'] } }, 'yes'],
    [{ 'metadata.tier': { in: ['silver'] } }, 'no'],
    [{ 'header.x-team': { like: 'ops-*' } }, 'yes'],
    [{ 'principal.teamId': 't1', 'request.max_tokens': { above: 10 } }, 'yes'],
    [{ 'principal.teamId': 't1', 'request.max_tokens': { above: 100 } }, 'no'],
    [{ any: [{ stream: true }, { operation: 'chat' }] }, 'yes'],
    [{ not: { 'metadata.tier': { exists: false } } }, 'yes'],
    [{ all: [{ tokens: { below: 100 } }, { text: { like: '*weather*' } }] }, 'yes'],
    [{ 'metadata.constructor': { exists: true } }, 'no'],
  ])('%j: %s', async (when, expected) => {
    const request = { ...user('how is the weather'), metadata: { tier: 'gold' }, max_tokens: 50 };
    expect(await holds(when, request, { 'x-team': 'ops-1' }, { teamId: 't1' })).toBe(expected);
  });

  it('refuses conditions that it does not understand', () => {
    const build = (when: object) => () => conditional({ rules: [{ when: when as Condition, use: 'x' }] });
    expect(build({ 'metdata.tier': 1 })).toThrow('rules[0].when.metdata.tier: a path begins with metadata, header,');
    expect(build({ tokens: { over: 3 } })).toThrow('has to be a value, or one of is, in, like');
  });
});

describe('complexity', () => {
  it.each([
    ['hi', 'simple'],
    ['What is the capital of France?', 'simple'],
    ['Complex coding task: refactor this function `foo() { return 1; }` and write unit tests for the API endpoint', 'medium'],
    [
      'Design the architecture of a distributed database with low latency: which protocol and schema? Then write the TypeScript code, a Dockerfile, and unit tests. ```ts\nclass Node {}\n```',
      'complex',
    ],
    ['Think step by step and prove that the algorithm terminates', 'reasoning'],
  ])('%s: %s', (text, level) => {
    expect(complexityScorer()(text, text.length / 4).level).toBe(level);
  });

  it('asks the model of the level, or the next higher one', async () => {
    const { all, call } = setUp([deployment('small'), deployment('large')]);
    const strategy = complexity({ simple: 'small', complex: 'large' });
    expect((await strategy.pick(all, call(user('hi')))).id).toBe('small');
    expect((await strategy.pick(all, call(user('Think step by step and prove it')))).id).toBe('large');
    expect(await strategy.reason?.(all[0] as Deployment, call(user('hello')))).toMatch(/^simple, by a score of/);
  });

  it('is judged by boundaries, weights and words of your own', () => {
    const text = 'Refactor this function';
    const { score, level } = complexityScorer()(text, 5);
    expect([score > 0.1, level]).toEqual([true, 'medium']);
    expect(complexityScorer({ boundaries: { medium: 0.01, complex: 0.02 } })(text, 5).level).toBe('complex');
    expect(complexityScorer({ weights: { code: 0 } })(text, 5).score).toBe(0);
    expect(complexityScorer({ tokens: { few: 1, many: 5 } })(text, 5).score).toBeCloseTo(score + 0.1);
    expect(complexityScorer({ words: { code: ['c++', '(x)'] } })('Is C++ (x)?', 5).because).toContain('code');
    expect(complexityScorer({ words: { code: [], simple: ['refactor'] } })(text, 5)).toMatchObject({ because: ['simple'], score: -0.05 });
  });

  it('takes no longer for texts made to take long', () => {
    const startedAt = performance.now();
    for (const text of ['\n'.repeat(1e6), '; '.repeat(5e5), 'select '.repeat(1e5), '1. '.repeat(3e5), ' '.repeat(1e6)]) complexityScorer()(text, 1);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('geographic', () => {
  it('goes to the nearest, from the caller or from here', async () => {
    const { all, call } = setUp([deployment('us', { region: 'us-east-1' }), deployment('eu', { region: 'westeurope' }), deployment('nowhere')]);
    const strategy = geographic({ here: 'eu-central-1' });
    expect((await strategy.pick(all, call())).id).toBe('eu');
    expect((await strategy.pick(all, call({}, { 'x-sluice-location': '40.7,-74.0' }))).id).toBe('us');
    expect(strategy.score?.(all[1] as Deployment, call())).toBeGreaterThan(300);
    expect(strategy.score?.(all[1] as Deployment, call())).toBeLessThan(450);
  });
});

describe('semantic', () => {
  const vectors: Record<string, number[]> = { 'fix my bug': [1, 0, 0], 'write a poem': [0, 1, 0], 'my program crashes': [0.9, 0.1, 0.1], hm: [0, 0, 1] };
  const routes = [
    { use: 'coder', examples: ['fix my bug'] },
    { use: 'poet', examples: ['write a poem'] },
  ];

  it('goes to the route whose examples are nearest, and asks for the examples once', async () => {
    const asked: string[][] = [];
    const { all, call } = setUp([deployment('coder'), deployment('poet'), deployment('any')], {
      embed: async (_, texts) => (asked.push([...texts]), texts.map((text) => vectors[text] ?? [0, 0, 1])),
    });
    const strategy = semantic({ embeddingModel: 'e', routes, otherwise: 'any' });
    expect((await strategy.pick(all, call(user('my program crashes')))).id).toBe('coder');
    expect((await strategy.pick(all, call(user('hm')))).id).toBe('any');
    expect(asked).toEqual([['fix my bug', 'write a poem'], ['my program crashes'], ['hm']]);
  });

  it('answers by the other model, and says so, while no vectors can be had', async () => {
    const errors: unknown[] = [];
    let isDown = true;
    const { all, call } = setUp([deployment('coder'), deployment('any')], {
      embed: async (_, texts) => (isDown ? Promise.reject(new Error('down')) : texts.map((text) => vectors[text] ?? [0, 0, 1])),
    });
    const strategy = semantic({ embeddingModel: 'e', routes, otherwise: 'any', onError: (error) => errors.push(error) });
    const first = call(user('fix my bug'));
    expect([(await strategy.pick(all, first)).id, await strategy.reason?.(all[0] as Deployment, first), errors.length]).toEqual([
      'any',
      'no vectors could be had',
      1,
    ]);
    isDown = false;
    expect((await strategy.pick(all, call(user('fix my bug')))).id).toBe('coder');
  });
});
