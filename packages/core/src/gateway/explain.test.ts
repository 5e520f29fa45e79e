import { describe, expect, it } from 'vitest';
import type { Provider } from '../provider/provider.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Reply } from '../types/call.ts';
import type { Deployment } from '../types/model.ts';
import type { ModelGroup } from '../types/model-group.ts';
import { defineStrategy } from '../routing/define-strategy.ts';
import { fastestResponse } from '../routing/strategies/fastest-response.ts';
import { createGateway, type Gateway } from './create-gateway.ts';
import type { GatewayOptions } from './options.ts';

const mapping = { toRequest: () => ({ url: 'http://127.0.0.1:1', headers: {} }), toError: () => new Error('unused') as never };
const providers: Provider[] = ['acme', 'bcme'].map((name) => ({ name, operations: { chat: mapping } }));

function deployment(id: string, more: Partial<Deployment> = {}): Deployment {
  return { id, provider: 'acme', model: id, ...more };
}

type Answered = { readonly deployments: (string | undefined)[]; readonly requests: object[]; readonly gateway: Gateway };

/** A gateway whose upstream is a hook that notes whom it was to ask. */
function open(models: readonly ModelGroup[], options: Partial<GatewayOptions> = {}): Answered {
  const deployments: (string | undefined)[] = [];
  const requests: object[] = [];
  const reply: Reply = { kind: 'complete', body: LazyJson.ofValue({ choices: [] }) };
  const upstream = {
    name: 'upstream',
    phase: 'router' as const,
    handle: async (ctx: { deployment?: Deployment | undefined; request: object }) => {
      deployments.push(ctx.deployment?.id);
      requests.push(ctx.request);
      return reply;
    },
  };
  const gateway = createGateway({ providers, models, masterKey: 'sk-master-of-the-test', hooks: [upstream], ...options });
  return { deployments, requests, gateway };
}

const ask = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };
const picture = { ...ask, messages: [{ role: 'user' as const, content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }] }] };
const principal = { keyId: 'k' };

describe('explain', () => {
  it('tells provider, model and reason, what removed each candidate, and calls nobody', async () => {
    const { gateway, deployments } = open([
      { name: 'm', deployments: [deployment('blind', { capabilities: { vision: false } }), deployment('seeing'), deployment('far', { region: 'us-1' })] },
    ]);
    const decision = await gateway.explain(picture, { principal: { keyId: 'k', regions: ['eu-*', ''] } });
    expect(decision).toMatchObject({
      provider: 'acme',
      model: 'seeing',
      deployment: 'seeing',
      group: 'm',
      reason: "'seeing' is the only one that may answer now",
    });
    expect(decision.candidates.map(({ deployment: id, status, removedBy }) => [id, status, removedBy])).toEqual([
      ['seeing', 'chosen', undefined],
      ['far', 'removed', 'region'],
      ['blind', 'removed', 'capabilities'],
    ]);
    expect(deployments).toEqual([]);
  });

  it('answers a header from administrators and keys that may, and from nobody else', async () => {
    const { gateway, deployments } = open([{ name: 'm', deployments: [deployment('a')] }], {
      keys: [
        { id: 'curious', key: 'sk-curious-enough', mayExplain: true },
        { id: 'plain', key: 'sk-plain-and-simple' },
      ],
    });
    const statusFor = async (key: string) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-sluice-explain': '1' };
      const response = await gateway.fetch('http://x/v1/chat/completions', { method: 'POST', headers, body: JSON.stringify(ask) });
      return [response.status, ((await response.json()) as { object?: string }).object];
    };
    expect(await statusFor('sk-master-of-the-test')).toEqual([200, 'routing.decision']);
    expect(await statusFor('sk-curious-enough')).toEqual([200, 'routing.decision']);
    expect(await statusFor('sk-plain-and-simple')).toEqual([403, undefined]);
    expect(deployments).toEqual([]);
  });
});

describe('what a caller may say to the router', () => {
  const price = (output: number) => ({ input: 0, output });
  const models: ModelGroup[] = [
    {
      name: 'm',
      deployments: [
        deployment('cheap', { price: price(1e9), provider: 'bcme', tags: ['free'] }),
        deployment('dear', { price: price(1e12), tags: ['paid'], order: 1 }),
      ],
    },
    { name: 'other', deployments: [deployment('o')] },
  ];
  const call = async (more: object, options: Partial<GatewayOptions> = {}) => {
    const { gateway, deployments, requests } = open(models, options);
    const error = await gateway.chat.completions.create({ ...ask, ...more }, { principal }).catch((thrown: unknown) => thrown);
    return { deployment: deployments[0], asked: deployments.length, request: requests[0], error };
  };

  it('keeps to max_cost, and takes it out of the request', async () => {
    const seen = await call({ max_cost: 0.001, max_tokens: 100 });
    expect(seen).toMatchObject({ deployment: 'cheap', request: { ...ask, max_tokens: 100 } });
    expect(seen.request).not.toHaveProperty('max_cost');
    expect((await call({ max_cost: 0, max_tokens: 100 })).error).toMatchObject({ code: 'no_deployment_fits', status: 400 });
    expect((await call({ max_cost: 'much' })).error).toMatchObject({ code: 'invalid_request', param: 'max_cost' });
  });

  it('goes by provider preferences, and leaves alone those of another provider', async () => {
    expect((await call({ provider: 'acme' })).deployment).toBe('dear');
    expect((await call({ provider: { ignore: ['bcme'] } })).deployment).toBe('dear');
    expect((await call({ provider: { order: ['bcme', 'acme'] } })).deployment).toBe('cheap');
    expect((await call({ provider: { order: ['else'] } })).request).toHaveProperty('provider');
  });

  it('goes by tags, where the router does', async () => {
    expect((await call({ metadata: { tags: ['paid'] } }, { router: { tagFiltering: 'any' } })).deployment).toBe('dear');
    expect((await call({ tags: ['none'] }, { router: { tagFiltering: 'any' } })).error).toMatchObject({ code: 'no_deployment_fits' });
    expect((await call({ metadata: { tags: ['paid'] } })).deployment).toBe('cheap');
  });

  it('can force each kind of failure, and the fallback that is meant for it', async () => {
    const { gateway, deployments } = open([
      { name: 'm', deployments: [deployment('a')], fallbacks: ['f'], contextFallbacks: ['c'], contentPolicyFallbacks: ['p'] },
      ...['f', 'c', 'p'].map((name) => ({ name, deployments: [deployment(name)] })),
    ]);
    for (const field of ['mock_testing_fallbacks', 'mock_testing_context_fallbacks', 'mock_testing_content_policy_fallbacks', 'mock_testing_rate_limit_error'])
      await gateway.chat.completions.create({ ...ask, [field]: true }, { principal });
    expect(deployments).toEqual(['f', 'c', 'p', 'f']);
    const off = gateway.chat.completions.create({ ...ask, mock_testing_fallbacks: true, disable_fallbacks: true }, { principal });
    await expect(off).rejects.toMatchObject({ code: 'upstream_error' });
    await gateway.chat.completions.create({ ...ask, mock_testing_fallbacks: true, fallbacks: ['c'] }, { principal });
    expect(deployments.at(-1)).toBe('c');
    const unlawful = gateway.chat.completions.create({ ...ask, mock_testing_fallbacks: true, fallbacks: ['c'] }, { principal: { keyId: 'k', models: ['m'] } });
    await expect(unlawful).rejects.toMatchObject({ code: 'upstream_error' });
  });
});

describe('names', () => {
  it('finds deployments by id, hidden groups by name, and the default group for the rest', async () => {
    const models: ModelGroup[] = [
      { name: 'm', deployments: [deployment('one'), deployment('two')] },
      { name: 'secret', deployments: [deployment('s')], isHidden: true },
    ];
    const { gateway, deployments } = open(models, {
      router: { defaultGroup: 'secret' },
      aliases: { veiled: { to: 'm', isHidden: true }, all: ['m', 'secret'] },
    });
    for (const model of ['two', 'secret', 'whatever']) await gateway.chat.completions.create({ ...ask, model }, { principal });
    expect(deployments).toEqual(['two', 's', 's']);
    expect(gateway.models.names).toEqual(['m', 'all']);
    const bound = gateway.chat.completions.create({ ...ask, model: 'whatever' }, { principal: { keyId: 'k', models: ['w*'] } });
    await expect(bound).rejects.toMatchObject({ code: 'model_not_found' });
  });

  it('goes to a model that can read a long request, and never refuses by guessing', async () => {
    const long = { ...ask, messages: [{ role: 'user' as const, content: 'word '.repeat(2_000) }] };
    const small = deployment('small', { maxInputTokens: 1_000 });
    const large = deployment('large', { maxInputTokens: 10_000, weight: 0 });
    const both = open([{ name: 'm', deployments: [small, large] }]);
    await both.gateway.chat.completions.create(long, { principal });
    const alone = open([{ name: 'm', deployments: [small] }]);
    await alone.gateway.chat.completions.create(long, { principal });
    const elsewhere = open([
      { name: 'm', deployments: [small], fallbacks: ['l'] },
      { name: 'l', deployments: [large] },
    ]);
    await elsewhere.gateway.chat.completions.create(long, { principal });
    expect([both.deployments, alone.deployments, elsewhere.deployments]).toEqual([['large'], ['small'], ['large']]);
  });

  it('prefers the lowest order', async () => {
    const { gateway, deployments } = open([{ name: 'm', deployments: [deployment('late', { order: 2 }), deployment('first', { order: 1 })] }]);
    for (let index = 0; index < 8; index += 1) await gateway.chat.completions.create(ask, { principal });
    expect(new Set(deployments)).toEqual(new Set(['first']));
  });
});

describe('what would be done beside a call', () => {
  const stream = { ...ask, stream: true as const };
  const two = [deployment('a1', { price: { input: 1e9, output: 1e9 } }), deployment('a2', { price: { input: 1e12, output: 1e12 } })];
  const explained = async (models: readonly ModelGroup[], request: object, options: Partial<GatewayOptions> = {}) => {
    const { gateway, deployments } = open(models, options);
    const decision = await gateway.explain({ ...ask, ...request }, { principal });
    expect(deployments).toEqual([]);
    return { decision, gateway };
  };

  it('tells who races: one of each model that is named, or all of a group', async () => {
    const models: ModelGroup[] = [
      { name: 'm', deployments: two.slice(0, 1) },
      { name: 'n', deployments: [deployment('n1', { provider: 'bcme' })], fallbacks: ['m'] },
    ];
    const { decision } = await explained(models, { model: 'm, n', fastest_response: true });
    expect(decision).toMatchObject({ requested: 'm, n', strategy: 'race', deployment: 'a1' });
    expect(decision.together).toEqual([
      { group: 'm', deployment: 'a1', provider: 'acme', model: 'a1' },
      { group: 'n', deployment: 'n1', provider: 'bcme', model: 'n1' },
    ]);
    const all = (await explained([{ name: 'm', deployments: two, strategy: fastestResponse() }], {})).decision;
    expect([all.strategy, all.together?.map((one) => one.deployment)]).toEqual(['fastest-response', ['a1', 'a2']]);
    const kept = (await explained([{ name: 'm', deployments: two, strategy: fastestResponse() }], { store: true })).decision;
    expect(kept.together).toBeUndefined();
    const { gateway } = open(models);
    const tooMany = gateway.explain({ ...ask, model: 'm,n', fastest_response: true, store: true });
    await expect(tooMany).rejects.toMatchObject({ code: 'invalid_request', param: 'fastest_response' });
  });

  it('tells when another one is asked beside a slow one, whom, and at what price at most, or why nobody is', async () => {
    const hedge = { minDelayMs: 80, maxCostNanoUsd: 5_000_000 };
    const models: ModelGroup[] = [{ name: 'm', deployments: two, hedge }];
    const { decision, gateway } = await explained(models, stream);
    expect(decision.hedge).toEqual({ because: 'too few first tokens were seen to know what is late' });
    for (let count = 0; count < 20; count += 1) await gateway.chat.completions.create(stream, { principal });
    const later = async (more: object) => (await gateway.explain({ ...stream, max_tokens: 10, ...more }, { principal })).hedge;
    // The dear one costs more than a second answer may.
    expect(await later({ provider: { sort: 'price' } })).toEqual({ because: expect.stringContaining('costs no more than may be paid') });
    gateway.models.update('m', { strategy: defineStrategy({ name: 'last', pick: (among) => among.at(-1) as Deployment }) });
    for (let count = 0; count < 20; count += 1) await gateway.chat.completions.create(stream, { principal });
    expect(await later({})).toEqual({ afterMs: 80, deployments: ['a1'], maxCostUsd: '0.005' });
    expect(await later({ stream: false })).toEqual({ because: 'only streams are hedged' });
    expect(await later({ tools: [{ type: 'web_search' }] })).toEqual({ because: expect.stringContaining('made once') });
    expect((await explained([{ name: 'm', deployments: two }], stream)).decision).not.toHaveProperty('hedge');
  });

  it('tells who is asked the same, and who can go on with a stream that breaks off', async () => {
    const models: ModelGroup[] = [
      { name: 'm', deployments: two.slice(0, 1), fallbacks: ['n'], resume: true, mirror: { to: 'n', percent: 5 } },
      { name: 'n', deployments: [deployment('n1', { capabilities: { prefix: true } })] },
    ];
    const { decision } = await explained(models, stream);
    expect(decision).toMatchObject({ mirror: { group: 'n', percent: 5 }, resume: { deployments: ['n1'] }, fallbacks: ['n'] });
    const others = (await explained(models, { ...stream, n: 2, store: true })).decision;
    expect(others).toMatchObject({ mirror: { because: expect.stringContaining('made once') }, resume: { because: expect.stringContaining('one answer') } });
    const alone = (await explained(models, { ...stream, disable_fallbacks: true })).decision;
    expect(alone.resume).toEqual({ because: expect.stringContaining('take fallbacks') });
    const nobody = (await explained([{ name: 'm', deployments: two, resume: true }], stream)).decision;
    expect(nobody.resume).toEqual({ because: 'nobody can go on with an answer that another has begun' });
  });
});

describe('a list of models that do not race', () => {
  const models: ModelGroup[] = ['m', 'n'].map((name) => ({ name, deployments: [deployment(name)] }));
  const refusal = { code: 'invalid_request', status: 400, param: 'model', message: expect.stringContaining('"fastest_response": true') };

  it('is told how several are asked, also where a default group would take it, and by explain', async () => {
    for (const options of [{}, { router: { defaultGroup: 'm' } }]) {
      const { gateway, deployments } = open(models, options);
      const call = gateway.chat.completions.create({ ...ask, model: 'm, n' }, { principal });
      await expect(call).rejects.toMatchObject(refusal);
      await expect(gateway.explain({ ...ask, model: 'm,n' })).rejects.toMatchObject(refusal);
      expect(deployments).toEqual([]);
    }
  });

  it('is told so to a key that may use them by name, and nothing to one that may not', async () => {
    const { gateway } = open(models);
    const call = (allowed: string[]) => gateway.chat.completions.create({ ...ask, model: 'm, n' }, { principal: { keyId: 'k', models: allowed } });
    await expect(call(['m', 'n'])).rejects.toMatchObject(refusal);
    await expect(call(['m'])).rejects.toMatchObject({ code: 'model_not_allowed' });
  });
});
