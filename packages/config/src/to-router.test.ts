import { readFileSync } from 'node:fs';
import { createGateway, GatewayError, type GatewayOptions } from '@sluice/core';
import { afterEach, describe, expect, it } from 'vitest';
import { explain } from './explain.ts';
import { load, mistakes, removeFolders } from './config-folder.test.support.ts';

afterEach(removeFolders);

const MODELS = `
model_list:
  - { model_name: a, litellm_params: { model: acme/a } }
  - { model_name: b, litellm_params: { model: acme/b } }
  - { model_name: c, litellm_params: { model: acme/c } }
general_settings: { master_key: sk-0123456789abcdef }
`;
const ENV = { ACME_KEY: 'k' };

const loaded = (settings: string): GatewayOptions => load(`${MODELS}${settings}`, ENV).options;
const lines = (settings: string): string[] => mistakes(`${MODELS}${settings}`, ENV).map((line) => line.replace(/^\d+:\d+ /, ''));

/** Which deployment would answer a request. */
async function pickOf(options: GatewayOptions, content: string, model: string): Promise<string | undefined> {
  const chat = { toRequest: () => ({ url: 'acme:', headers: {} }), toError: () => new GatewayError('upstream_error', 'x') };
  const gateway = createGateway({ ...options, providers: [{ name: 'acme', operations: { chat } }] });
  const { deployment } = await gateway.explain({ model, messages: [{ role: 'user', content }] });
  await gateway.close();
  return deployment;
}

describe('aliases', () => {
  it('may be hidden', async () => {
    const options = loaded('router_settings: { model_group_alias: { secret: { model: a, hidden: true }, shown: { model: b, hidden: false } } }');
    expect(options.aliases).toEqual({ secret: { to: 'a', isHidden: true }, shown: 'b' });
    const gateway = createGateway(options);
    expect([gateway.models.names, gateway.models.resolve('secret')?.name]).toEqual([['a', 'b', 'c', 'shown'], 'a']);
    await gateway.close();
  });
});

describe('explain', () => {
  it('says who shares the calls, and what other names mean', () => {
    const options = load(
      `
model_list:
  - { model_name: a, litellm_params: { model: acme/one, rpm: 30 } }
  - { model_name: a, litellm_params: { model: acme/two, rpm: 10 } }
  - { model_name: b, litellm_params: { model: acme/b } }
  - { model_name: smart, litellm_params: { model: auto_router/complexity_router, complexity_router_config: { tiers: { SIMPLE: b, COMPLEX: a } } } }
router_settings: { model_group_alias: { all: [a, b], x: { model: a, hidden: true } } }
`,
      ENV,
    ).options;
    const text = explain(options);
    expect(text).toMatch(/acme one .*, 75% of calls/);
    expect(text).toMatch(/acme two .*, 25% of calls/);
    expect(text).toContain('all = a + b\n  x = a, in no list\n  smart = b or a, by complexity\n');
  });
});

describe('failures', () => {
  it('have tries of their own by kind, in general and for single models', () => {
    const { router, models } = loaded(`
router_settings:
  retry_policy: { max_retries: 1, BadRequestErrorRetries: 0, InternalServerErrorRetries: 4, TimeoutErrorRetries: "2" }
  model_group_retry_policy: { b: { RateLimitErrorRetries: 5, ContentPolicyViolationErrorRetries: 1, AuthenticationErrorRetries: 0 } }
`);
    expect(router).toEqual({ retries: 1, retriesFor: { badRequest: 0, server: 4, timeout: 2 } });
    expect(models?.map(({ retriesFor }) => retriesFor)).toEqual([undefined, { rateLimit: 5, contentPolicy: 1, authentication: 0 }, undefined]);
    expect(lines('router_settings: { model_group_retry_policy: { d: {}, a: { RateLimitRetries: 1 } } }')).toEqual([
      "router_settings.model_group_retry_policy.d: no model is named 'd'. Did you mean 'a'?",
      'router_settings.model_group_retry_policy.a.RateLimitRetries: unknown key',
    ]);
  });

  it('are borne so often before a deployment is passed over, by kind', () => {
    const { router } = loaded(`
router_settings: { allowed_fails_policy: { RateLimitErrorAllowedFails: 100, InternalServerErrorAllowedFails: 3 } }
litellm_settings: { allowed_fails: 7 }
`);
    expect(router).toEqual({ allowedFails: 7, allowedFailsFor: { rateLimit: 100, server: 3 } });
  });

  it('go on to other models by lists of each kind, from every section, the router first', () => {
    const { models, router } = loaded(`
router_settings: { context_window_fallbacks: [{ a: [c] }], max_fallbacks: 2, default_fallbacks: [c] }
litellm_settings: { context_window_fallbacks: [{ a: [b] }, { b: [c] }], content_policy_fallbacks: [{ "*": [c] }], fallbacks: { a: [b] } }
`);
    expect(models).toMatchObject([
      { name: 'a', fallbacks: ['b'], contextFallbacks: ['c'], contentPolicyFallbacks: ['c'] },
      { name: 'b', contextFallbacks: ['c'], contentPolicyFallbacks: ['c'] },
      { name: 'c', contentPolicyFallbacks: ['c'] },
    ]);
    expect(router).toEqual({ maxFallbacks: 2, defaultFallbacks: ['c'] });
    expect(lines('litellm_settings: { content_policy_fallbacks: { a: [bb] } }')).toEqual([
      "litellm_settings.content_policy_fallbacks: no model is named 'bb'. Did you mean 'b'?",
    ]);
  });

  it('leave every deployment where it is with disable_cooldowns', () => {
    const { router, models } = load(
      `
model_list: [{ model_name: a, litellm_params: { model: acme/a, cooldown_time: 9 } }]
router_settings: { disable_cooldowns: true, cooldown_time: 3 }
`,
      ENV,
    ).options;
    expect([router, models?.[0]?.deployments[0]?.cooldownMs]).toEqual([{ cooldownMs: 0 }, 0]);
  });
});

describe('deployments', () => {
  it('say what they allow, how often to try again, and what their model can take', () => {
    const { models } = load(
      `
model_list:
  - model_name: a
    litellm_params: { model: acme/a, rpm: 60, tpm: 1000, weight: 2, num_retries: 3, timeout: 20, stream_timeout: 5, cooldown_time: 1.5 }
    model_info: { supports_vision: false, supports_function_calling: true, supports_response_schema: false, supports_audio_input: "false", max_input_tokens: 8000, supports_reasoning: true }
  - { model_name: a, litellm_params: { model: acme/b, max_retries: 0 } }
`,
      ENV,
    ).options;
    expect(models?.[0]?.deployments).toMatchObject([
      {
        requestsPerMinute: 60,
        tokensPerMinute: 1000,
        weight: 2,
        retries: 3,
        timeoutMs: 20_000,
        firstTokenTimeoutMs: 5_000,
        cooldownMs: 1_500,
        capabilities: { vision: false, tools: true, jsonSchema: false, audio: false },
        maxInputTokens: 8000,
      },
      { retries: 0 },
    ]);
  });

  it('take what is said for all of them where they say nothing', () => {
    const { models } = load(
      `
model_list:
  - { model_name: a, litellm_params: { model: acme/a, temperature: 1, stream_timeout: 9 } }
  - { model_name: b, litellm_params: { model: acme/b, max_parallel_requests: 3 } }
router_settings:
  default_litellm_params: { temperature: 0.2, max_tokens: 100, tags: [x] }
  default_max_parallel_requests: 20
  stream_timeout: 4
`,
      ENV,
    ).options;
    expect(models?.map(({ deployments }) => deployments[0])).toMatchObject([
      { defaults: { temperature: 1, max_tokens: 100 }, tags: ['x'], parallelCalls: 20, firstTokenTimeoutMs: 9_000 },
      { defaults: { temperature: 0.2, max_tokens: 100 }, tags: ['x'], parallelCalls: 3, firstTokenTimeoutMs: 4_000 },
    ]);
  });
});

describe('health checks', () => {
  it('run in the background where that is said', () => {
    const { health, models } = load(
      `
model_list: [{ model_name: a, litellm_params: { model: acme/a }, model_info: { disable_background_health_check: true } }]
general_settings: { background_health_checks: true, health_check_interval: 60, health_check_timeout: 2, billed_health_checks: true, health_check_details: false }
`,
      ENV,
    ).options;
    expect([health, models?.[0]?.deployments[0]?.healthCheck]).toEqual([{ everyMs: 60_000, timeoutMs: 2_000, isBilled: true }, false]);
    expect(loaded('')).not.toHaveProperty('health');
  });
});

describe('strategies', () => {
  it('take arguments, and only their own', () => {
    expect(
      loaded('router_settings: { routing_strategy: latency-based-routing, routing_strategy_args: { ttl: 10, lowest_latency_buffer: 0.5 } }').router,
    ).toMatchObject({
      strategy: { name: 'latency-based-routing' },
    });
    expect(
      loaded('router_settings: { routing_strategy: hybrid, routing_strategy_args: { latency: 3, cost: 1 } }').router?.strategy?.reason?.(
        {} as never,
        {} as never,
      ),
    ).toBe('latency, cost and load as 3 to 1 to 1');
    expect(lines('router_settings: { routing_strategy: least-busy, routing_strategy_args: { lowest_latency_buffer: 1, tll: 1 } }')).toEqual([
      "router_settings.routing_strategy_args.lowest_latency_buffer: 'least-busy' takes no such argument",
      "router_settings.routing_strategy_args.tll: unknown key. Did you mean 'ttl'?",
    ]);
  });

  it('have checks before them: ceilings, and what keeps conversations together', () => {
    expect(
      loaded('router_settings: { optional_pre_call_checks: [enforce_model_rate_limits, prompt_caching], enable_pre_call_checks: true }').router,
    ).toMatchObject({
      enforceRates: true,
      strategy: { name: 'sticky' },
    });
    expect(
      lines('router_settings: { routing_strategy: least-busy, optional_pre_call_checks: [session_affinity, enforce_rate_limits, router_budget_limiting] }'),
    ).toEqual([
      "router_settings.optional_pre_call_checks[0]: 'session_affinity' keeps conversations together, and 'least-busy' does not; name one of them",
      "router_settings.optional_pre_call_checks[1]: unknown check 'enforce_rate_limits'. Did you mean 'enforce_model_rate_limits'?",
      "router_settings.optional_pre_call_checks[2]: 'router_budget_limiting' is not supported yet",
    ]);
  });

  it('by complexity choose among models of the file', async () => {
    const options = load(
      `
model_list:
  - { model_name: small, litellm_params: { model: acme/small } }
  - { model_name: large, litellm_params: { model: acme/large } }
  - model_name: smart
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config: { tiers: { SIMPLE: [small], REASONING: large } }
      complexity_router_default_model: large
`,
      ENV,
    ).options;
    expect(await pickOf(options, 'hello', 'smart')).toBe('small');
    expect(await pickOf(options, 'Prove step by step that this algorithm is correct, and analyze its complexity and trade-offs.', 'smart')).toBe('large');
  });

  it('by meaning take their routes from the file, from JSON, or from a file beside it', () => {
    const routes = '{"routes":[{"name":"b","utterances":["how to code"],"score_threshold":0.4,"description":"x","metadata":{}}]}';
    const entry = (config: string): string => `
model_list:
  - { model_name: a, litellm_params: { model: acme/a } }
  - { model_name: b, litellm_params: { model: acme/b } }
  - { model_name: vectors, litellm_params: { model: acme/v } }
  - model_name: auto
    litellm_params: { model: auto_router/auto, auto_router_default_model: a, auto_router_embedding_model: vectors, ${config} }
`;
    for (const config of [`auto_router_config: '${routes}'`, `auto_router_config: ${routes}`, 'auto_router_config_path: routes.json']) {
      const { options } = load(entry(config), ENV, { 'routes.json': routes });
      expect(options.aliases).toMatchObject({ auto: { to: ['b', 'a'], strategy: { name: 'semantic' } } });
    }
  });

  it('that choose among models tell what is missing', () => {
    expect(
      mistakes(
        `
model_list:
  - { model_name: a, litellm_params: { model: acme/a } }
  - { model_name: x, litellm_params: { model: auto_router/complexity_router } }
  - { model_name: y, litellm_params: { model: auto_router/complexity_router, complexity_router_config: { tiers: { SIMPLE: aa }, tier_boundaries: { simple_medium: 0.5 } } } }
  - { model_name: z, litellm_params: { model: auto_router/z, auto_router_config: "{", auto_router_default_model: a } }
`,
        ENV,
      ),
    ).toEqual([
      '4:47 model_list[1].litellm_params.model: which model each level means is missing. Add complexity_router_config: { tiers: { SIMPLE: …, MEDIUM: …, COMPLEX: …, REASONING: … } }.',
      "5:38 model_list[2].litellm_params: no model is named 'aa'. Did you mean 'a'?",
      '5:146 model_list[2].litellm_params.complexity_router_config.tier_boundaries: the boundaries do not rise; those that are not given are 0.15, 0.35 and 0.6',
      '6:47 model_list[3].litellm_params.model: auto_router_embedding_model is missing',
      expect.stringMatching(/^6:82 model_list\[3\]\.litellm_params\.auto_router_config: .*JSON/),
    ]);
  });
});

describe('strategies in a file', () => {
  const MORE = `
model_list:
  - { model_name: a, litellm_params: { model: acme/a1, region_name: eu-west-1 }, model_info: { id: one } }
  - { model_name: a, litellm_params: { model: acme/a2, region_name: us-east-1 }, model_info: { id: two } }
  - { model_name: b, litellm_params: { model: acme/b } }
  - { model_name: v, litellm_params: { model: acme/v } }
`;
  const optionsOf = (settings: string): GatewayOptions => load(`${MORE}router_settings:${settings}`, ENV).options;

  it('choose among the deployments of a model, or of several under one name, as they are told', async () => {
    const options = optionsOf(`
  model_group_alias:
    smart: { model: [a, b], routing_strategy: complexity, routing_strategy_args: { tiers: { SIMPLE: b, COMPLEX: one }, tier_boundaries: { simple_medium: 0.01, medium_complex: 0.02 } } }
    wordy: { model: [a, b], hidden: true, routing_strategy: complexity, routing_strategy_args: { tiers: { SIMPLE: b, REASONING: two }, reasoning_keywords: [zounds, gadzooks] } }
    ruled: { model: [a, b], routing_strategy: conditional, routing_strategy_args: { rules: [{ when: { text: { like: "*please*" } }, use: b }, { when: { any: [{ tokens: { above: 100 } }, { not: { stream: true } }] }, use: [one] }] } }
    tried: { model: [a, b], routing_strategy: split, routing_strategy_args: { shares: { b: 1, a: 0 }, by: user, name: t } }
    cheap: { model: [a, b], routing_strategy: cascade, routing_strategy_args: { check: { json: true }, order: [two, b] } }
  model_group_settings:
    a: { routing_strategy: geographic, routing_strategy_args: { here: [40.7, -74] } }
`);
    expect(await pickOf(options, 'write some code: a function', 'smart')).toBe('one');
    expect(await pickOf(options, 'hi', 'smart')).toBe('b');
    expect(await pickOf(options, 'Zounds! And gadzooks.', 'wordy')).toBe('two');
    expect(await pickOf(options, 'Prove it step by step', 'wordy')).toBe('b');
    expect(await pickOf(options, 'please', 'ruled')).toBe('b');
    expect(await pickOf(options, 'now', 'ruled')).toBe('one');
    expect(await pickOf(options, 'x', 'tried')).toBe('b');
    expect(await pickOf(options, 'x', 'cheap')).toBe('two');
    expect(await pickOf(options, 'x', 'a')).toBe('two');
    expect(options.aliases).toMatchObject({ wordy: { isHidden: true } });
  });

  it('are told apart by name, and take the arguments that are theirs', () => {
    expect(optionsOf(' { routing_strategy: sticky, routing_strategy_args: { by: team } }').router?.strategy).toMatchObject({ name: 'sticky' });
    const semantic = optionsOf(
      ' { routing_strategy: semantic, routing_strategy_args: { embedding_model: v, default_model: a, routes: [{ name: b, utterances: [x], score_threshold: 0.2 }] } }',
    );
    expect(semantic.router?.strategy).toMatchObject({ name: 'semantic' });
    const wrong = mistakes(
      `${MORE}router_settings:
  routing_strategy: cascade
  routing_strategy_args: { order: [nobody], tiers: {} }
  model_group_alias:
    x: { model: [a, b], routing_strategy: conditional, routing_strategy_args: { rules: [{ when: { "metadata.tier": { is: x, in: [y] }, any: [{ tag: { lik: a } }] }, use: b }, { when: { tex: 1 }, use: b }] } }
    y: { model: a, routing_strategy: compexity }
    z: { model: a, routing_strategy: split, routing_strategy_args: { shares: { b: 1, d: 2 }, by: whim } }
  model_group_settings:
    c: { resume: true }
    b: { hedge: true, mirror: { percent: 5 }, rettries: 1 }
`,
      ENV,
    );
    expect(wrong).toEqual([
      "8:21 router_settings.routing_strategy: 'cascade' needs routing_strategy_args.check",
      "9:35 router_settings.routing_strategy_args.order: no model is named 'nobody'",
      "9:52 router_settings.routing_strategy_args.tiers: 'cascade' takes no such argument",
      '11:116 router_settings.model_group_alias.x.routing_strategy_args.rules[0].when.metadata.tier: expected a value, or one of is, in, like, above, below and exists with a value',
      expect.stringMatching(/^11:\d+ .*rules\[0\]\.when\.any\[0\]\.tag: expected a value/),
      expect.stringMatching(/^11:\d+ .*rules\[1\]\.when\.tex: a path begins with metadata, .*, or is any, all, not/),
      "12:38 router_settings.model_group_alias.y.routing_strategy: unknown strategy 'compexity'. Did you mean 'complexity'?",
      expect.stringMatching(/^13:\d+ router_settings\.model_group_alias\.z\.routing_strategy_args\.by: expected one of user, key, team, session/),
      "15:8 router_settings.model_group_settings.c: no model is named 'c'. Did you mean 'a'?",
      '16:17 router_settings.model_group_settings.b.hedge: expected false, or an object such as { max_percent: 5 }',
      expect.stringMatching(/^16:\d+ router_settings\.model_group_settings\.b\.mirror\.to: is missing/),
      expect.stringMatching(/^16:\d+ router_settings\.model_group_settings\.b\.rettries: unknown key/),
    ]);
  });
});

describe('single models', () => {
  it('have what else the router may be told for them', () => {
    const { models } = loaded(`
router_settings:
  hedge: { percentile: 90 }
  model_group_settings:
    a: { hedge: { min_delay: 0.2, max_cost: 0.01 }, resume: true, num_retries: 1, mirror: { to: b, percent: 5, max_parallel_requests: 2, max_budget: 1, budget_duration: 1d } }
    b: { hedge: false, hidden: true, blocked: true }
`);
    expect(models).toMatchObject([
      {
        hedge: { minDelayMs: 200, maxCostNanoUsd: 10_000_000 },
        resume: true,
        retries: 1,
        mirror: { to: 'b', percent: 5, parallelCalls: 2, budgetNanoUsd: 1e9, budgetWindow: { length: '1d' } },
      },
      { hedge: false, isHidden: true, isBlocked: true },
      {},
    ]);
    expect(models?.[2]).not.toHaveProperty('hedge');
  });

  it('are asked how they are as they say', () => {
    const { models } = load(
      `
model_list:
  - { model_name: "acme/*", litellm_params: { model: "acme/*" }, model_info: { health_check_model: acme/small, health_check_timeout: 2, health_check_max_tokens: 1 } }
`,
      ENV,
    ).options;
    expect(models?.[0]?.deployments[0]?.healthCheck).toEqual({ model: 'acme/small', timeoutMs: 2000, maxTokens: 1 });
  });
});

describe('the rest of what the router may be told', () => {
  it('can be said in a file', () => {
    const options = loaded(`
router_settings:
  default_group: a
  default_provider: acme
  default_priority: -3
  queue: { max_length: 5, max_wait: 1.5 }
  deadline: 60
  share_cooldowns: false
  idle_timeout: 20
  connect_timeout: 3
  stream_head_after: false
`);
    expect(options.router).toEqual({
      defaultGroup: 'a',
      defaultProvider: 'acme',
      defaultPriority: -3,
      queue: { maxLength: 5, maxWaitMs: 1500 },
      deadlineMs: 60_000,
      shareCooldowns: false,
    });
    expect(options).toMatchObject({ idleTimeoutMs: 20_000, upstream: { connectTimeoutMs: 3000 }, streamHeadAfterMs: false });
    expect(lines('router_settings: { default_group: q, default_provider: acne, queue: { max_len: 1 }, hedge: { percentile: 120 } }')).toEqual([
      "router_settings.default_group: no model is named 'q'. Did you mean 'a'?",
      expect.stringContaining('router_settings.queue.max_len: unknown key'),
      expect.stringMatching(/^router_settings\.hedge\.percentile: .*100/),
    ]);
    expect(lines('router_settings: { default_provider: acne }')).toEqual([
      expect.stringMatching(/^router_settings\.default_provider: no provider is named 'acne'.*Did you mean 'acme'/),
    ]);
  });
});

describe('the file in docs/routing.md', () => {
  it('is read as it stands', async () => {
    const page = readFileSync(new URL('../../../docs/routing.md', import.meta.url), 'utf8');
    const [, written = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    const models = ['small', 'large', 'next'].map((name) => `  - { model_name: ${name}, litellm_params: { model: acme/${name} } }`).join('\n');
    const { options } = load(`model_list:\n${models}\ngeneral_settings: { master_key: sk-0123456789abcdef }\n${written}`, ENV);
    expect(await pickOf(options, 'hi', 'by-plan')).toBe('small');
    expect(await pickOf(options, 'word '.repeat(5000), 'by-plan')).toBe('large');
  });
});

describe('models that only the directory knows', () => {
  const KEPT = `
model_list: [{ model_name: a, litellm_params: { model: acme/a } }]
general_settings: { master_key: sk-0123456789abcdef, store_model_in_db: true }
router_settings: { fallbacks: [{ a: [later] }, { latest: [a] }], default_fallbacks: [a], model_group_alias: { other: later, both: [a, later] } }
`;

  it('may be named where calls may go, and that is noted', () => {
    const { options, notes } = load(KEPT, ENV);
    expect(options.models).toMatchObject([{ name: 'a', fallbacks: ['later'] }]);
    expect(options.aliases).toEqual({ other: 'later', both: ['a', 'later'] });
    expect(notes.map(({ place, message }) => `${place.replace(/^.* /, '')}: ${message}`)).toEqual([
      "router_settings.fallbacks: 'latest' has no entry in model_list, so its fallbacks are left out; `default_fallbacks` hold for models of the directory",
      "router_settings.fallbacks: no model of this file is named 'later', so that the directory has to have it",
      "router_settings.model_group_alias.other: no model of this file is named 'later', so that the directory has to have it",
      "router_settings.model_group_alias.both: no model of this file is named 'later', so that the directory has to have it",
    ]);
    expect(mistakes(KEPT.replace(', store_model_in_db: true', ''), ENV)).toHaveLength(2);
  });
});
