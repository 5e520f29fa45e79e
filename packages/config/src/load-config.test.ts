import { revealed, type Secret } from '@sluice/core';
import { afterEach, describe, expect, it } from 'vitest';
import { load, mistakes, providerCode, removeFolders } from './config-folder.test.support.ts';

afterEach(removeFolders);

describe('models', () => {
  it('come from model_list, those of one name as one group', () => {
    const { options, keySources } = load(
      `
model_list:
  - model_name: big
    litellm_params: { model: acme/large, api_key: os.environ/KEY, temperature: 0.1, max_tokens: 4000, rpm: 30, timeout: 20 }
  - model_name: big
    litellm_params: { model: acme/larger, api_key: sk-written, api_base: "http://127.0.0.1:9/v1", rpm: 10, organization: org-1, extra_headers: { x-a: b } }
    model_info: { id: second, max_output_tokens: 100, input_cost_per_token: 0.0000025, output_cost_per_token: 1e-5 }
  - model_name: "acme/*"
    litellm_params: { model: "acme/*" }
`,
      { KEY: 'sk-1', ACME_KEY: 'sk-env' },
    );
    expect(options.models?.map(({ name, deployments }) => [name, deployments.length])).toEqual([
      ['big', 2],
      ['acme/*', 1],
    ]);
    const [first, second] = options.models?.[0]?.deployments ?? [];
    expect(first).toMatchObject({
      id: 'big#1',
      provider: 'acme',
      model: 'large',
      defaults: { temperature: 0.1, max_tokens: 4000 },
      requestsPerMinute: 30,
      timeoutMs: 20_000,
    });
    expect(first?.apiKey?.reveal()).toBe('sk-1');
    expect(second).toMatchObject({
      id: 'second',
      baseUrl: 'http://127.0.0.1:9/v1',
      requestsPerMinute: 10,
      headers: { 'openai-organization': 'org-1', 'x-a': 'b' },
      maxOutputTokens: 100,
      price: { input: 2_500_000_000, output: 10_000_000_000 },
    });
    expect(options.models?.[1]?.deployments[0]).toMatchObject({ id: 'acme/*', model: '*' });
    expect(options.models?.[1]?.deployments[0]?.apiKey?.reveal()).toBe('sk-env');
    expect(options.providers?.map(({ name }) => name)).toEqual(['acme']);
    expect([...keySources]).toEqual([
      ['big#1', 'KEY'],
      ['second', 'written in the file'],
      ['acme/*', 'environment'],
    ]);
  });

  it('bring what Google asks for, credentials as a secret', () => {
    const { options, keySources } = load(
      `
model_list:
  - model_name: a
    litellm_params: { model: acme/a, vertex_project: p, vertex_location: europe-west4, vertex_credentials: os.environ/ACCOUNT }
  - model_name: b
    litellm_params: { model: acme/b, vertex_credentials: { type: service_account, client_email: a@b }, options: { vertex_project: q } }
general_settings: { master_key: sk-0123456789abcdef }`,
      { ACCOUNT: '/a.json' },
    );
    const [a, b] = options.models?.map(({ deployments: [first] }) => first) ?? [];
    expect(a).toMatchObject({ options: { vertex_project: 'p', vertex_location: 'europe-west4' } });
    expect(b).toMatchObject({ options: { vertex_project: 'q' } });
    expect([a, b].map((deployment) => deployment?.apiKey?.reveal())).toEqual(['/a.json', '{"type":"service_account","client_email":"a@b"}']);
    expect([...keySources.values()]).toEqual(['ACCOUNT', 'written in the file']);
  });

  it('bring what clouds ask for, secrets as secrets, and the model behind a name', () => {
    const { options } = load(`
model_list:
  - model_name: a
    litellm_params: { model: acme/a, api_key: k, aws_region_name: eu-west-1, aws_access_key_id: AKID, aws_secret_access_key: hidden-1, model_id: 'arn:x' }
  - model_name: b
    litellm_params: { model: acme/mine, api_key: k, api_version: '2024-10-21', tenant_id: t, client_id: c, client_secret: hidden-2 }
    model_info: { base_model: gpt-4o }
general_settings: { master_key: sk-0123456789abcdef }`);
    const [a, b] = options.models?.map(({ deployments: [first] }) => first) ?? [];
    expect(a?.options).toMatchObject({ aws_region_name: 'eu-west-1', aws_access_key_id: 'AKID', model_id: 'arn:x' });
    expect(b).toMatchObject({ baseModel: 'gpt-4o', options: { api_version: '2024-10-21', tenant_id: 't', client_id: 'c' } });
    expect([revealed(a?.options?.aws_secret_access_key), revealed(b?.options?.client_secret)]).toEqual(['hidden-1', 'hidden-2']);
    expect(JSON.stringify(options)).not.toContain('hidden-');
  });

  it('bring their rules about parameters, and take the others from the settings for all', () => {
    const { options } = load(`
model_list:
  - model_name: big
    litellm_params: { model: acme/large, api_key: sk-1, drop_params: true, additional_drop_params: ["tools[*].function.strict"], allowed_openai_params: [seed], modify_params: false }
litellm_settings: { drop_params: "true", modify_params: true, additional_drop_params: [user] }
general_settings: { master_key: sk-0123456789abcdef }
`);
    expect(options.models?.[0]?.deployments[0]?.parameterRules).toEqual({
      dropUnsupported: true,
      drop: ['tools[*].function.strict'],
      allow: ['seed'],
      modify: false,
    });
    expect(options.parameterRules).toEqual({ dropUnsupported: true, modify: true, drop: ['user'] });
  });

  it('with a mock_response are answered by the demo provider, and need neither a key nor their own', () => {
    const demo = "exports.provider = { providers: [{ name: 'demo', operations: {} }], discover: () => [] };";
    const { options } = load(
      `
model_list:
  - model_name: gpt
    litellm_params: { model: openai/gpt-4o, mock_response: litellm.RateLimitError }
  - model_name: whole
    litellm_params: { model: gpt-4o, custom_llm_provider: openai, mock_response: { choices: [] } }
general_settings: { master_key: sk-0123456789abcdef }
`,
      {},
      { 'node_modules/@sluice/provider-demo/index.js': demo },
    );
    expect(options.models?.map(({ deployments }) => deployments[0])).toEqual([
      { id: 'gpt', provider: 'openai', model: 'gpt-4o', standIn: 'demo', options: { mock_response: 'litellm.RateLimitError' } },
      { id: 'whole', provider: 'openai', model: 'gpt-4o', standIn: 'demo', options: { mock_response: { choices: [] } } },
    ]);
    expect(options.providers?.map(({ name }) => name)).toEqual(['demo']);
  });

  it('may be left to what is installed', () => {
    expect(load('general_settings: { master_key: sk-0123456789abcdef }').options).not.toHaveProperty('models');
  });

  it('need a provider that some package brings, and what that provider needs', () => {
    expect(
      mistakes(`
model_list:
  - model_name: a
    litellm_params: { model: acmee/x }
  - model_name: b
    litellm_params: { model: acme/x }
  - model_name: c
    litellm_params: { model: gpt-x }
`),
    ).toEqual([
      "4:30 model_list[0].litellm_params.model: no installed package brings a provider 'acmee'. Did you mean 'acme'?",
      '6:21 model_list[1].litellm_params: acme needs a key',
      "8:30 model_list[2].litellm_params.model: 'gpt-x' does not say which provider has it. Write it as provider/gpt-x, such as openai/gpt-x.",
    ]);
  });

  it('know other names of providers', () => {
    const gemini = { 'node_modules/@sluice/provider-gemini/index.js': providerCode('gemini', 'GOOGLE_API_KEY') };
    const { options } = load('model_list: [{ model_name: g, litellm_params: { model: google/gemini-pro } }]', { GOOGLE_API_KEY: 'k' }, gemini);
    expect(options.models?.[0]?.deployments[0]).toMatchObject({ provider: 'gemini', model: 'gemini-pro' });
  });
});

describe('settings', () => {
  const two = 'model_list: [{ model_name: a, litellm_params: { model: acme/a } }, { model_name: b, litellm_params: { model: acme/b } }]';
  const env = { ACME_KEY: 'k' };

  it('of the router become aliases, fallbacks and retries', () => {
    const { options } = load(
      `${two}
router_settings:
  routing_strategy: simple-shuffle
  model_group_alias: { both: [a, b], one: a, shown: { model: b, hidden: false } }
  fallbacks: [{ a: [b] }, { "*": [both] }]
  fallback_models: { b: [a] }
  retry_policy: { max_retries: 3, base_delay: 1, max_delay: 10 }
  timeout: 30
`,
      env,
    );
    expect(options.aliases).toEqual({ both: ['a', 'b'], one: 'a', shown: 'b' });
    expect(options.models?.map(({ fallbacks }) => fallbacks)).toEqual([['b'], ['a']]);
    expect(options.router).toEqual({
      strategy: expect.objectContaining({ name: 'simple-shuffle' }),
      retries: 3,
      backoffMs: 1000,
      maxBackoffMs: 10_000,
      defaultFallbacks: ['both'],
    });
    expect(options.timeoutMs).toBe(30_000);
  });

  it('say what becomes of deployments that fail, and for which calls they are', () => {
    const { options } = load(
      `model_list:
  - { model_name: a, litellm_params: { model: acme/a, order: 2, tags: [free], region_name: eu, max_parallel_requests: 3, cooldown_time: 2, stream_timeout: 4 } }
  - { model_name: b, litellm_params: { model: acme/b } }
router_settings:
  context_window_fallbacks: [{ a: [b] }]
  content_policy_fallbacks: [{ b: [a] }]
  max_fallbacks: 2
  allowed_fails: 3
  cooldown_time: 7
  enable_tag_filtering: true
  tag_filtering_match_any: false
`,
      env,
    );
    expect(options.router).toEqual({ maxFallbacks: 2, allowedFails: 3, cooldownMs: 7_000, tagFiltering: 'all' });
    expect(options.models).toMatchObject([
      {
        contextFallbacks: ['b'],
        deployments: [{ order: 2, tags: ['free'], region: 'eu', parallelCalls: 3, cooldownMs: 2_000, firstTokenTimeoutMs: 4_000 }],
      },
      { contentPolicyFallbacks: ['a'] },
    ]);
  });

  it('have a silent model that is asked the same, answers beside others, and answers that go on', () => {
    const { options } = load(
      `model_list:
  - { model_name: a, litellm_params: { model: acme/a, silent_model: b }, model_info: { supports_assistant_prefill: true } }
  - { model_name: a, litellm_params: { model: acme/a2 } }
  - { model_name: b, litellm_params: { model: acme/b } }
router_settings:
  routing_strategy: fastest-response
  resume: true
  hedge: { percentile: 90, min_delay: 0.2, max_percent: 2, max_cost: 0.01 }
`,
      env,
    );
    expect(options.models?.map(({ mirror }) => mirror)).toEqual([{ to: 'b' }, undefined]);
    expect(options.models?.[0]?.deployments.map(({ capabilities }) => capabilities)).toEqual([{ prefix: true }, undefined]);
    const { strategy, ...router } = options.router ?? {};
    expect(strategy?.name).toBe('fastest-response');
    expect(router).toEqual({ resume: true, hedge: { percentile: 90, minDelayMs: 200, maxPercent: 2, maxCostNanoUsd: 10_000_000 } });
  });

  it.each(['litellm_settings', 'general_settings'])('of %s are read in both places', (section) => {
    const { options } = load(
      `${two}
${section}:
  cache: true
  cache_params: { type: local, ttl: 600, supported_call_types: [acompletion, aembedding] }
  max_budget: 100.5
  num_retries: 1
  fallbacks: [{ a: [b] }]
`,
      env,
    );
    expect(options.cache).toEqual({ ttlMs: 600_000, operations: ['chat', 'embeddings'] });
    expect(options.allowance).toEqual({ gateway: { budgetNanoUsd: 100_500_000_000 } });
    expect(options.router).toEqual({ retries: 1 });
    expect(options.models?.[0]?.fallbacks).toEqual(['b']);
  });

  it('in general become keys, limits, sizes and prices', () => {
    const { options } = load(
      `${two}
general_settings:
  master_key: os.environ/MASTER
  rpm_limit: 100
  default_max_tokens_per_minute: "10000"
  max_parallel_requests: 10
  global_max_parallel_requests: 50
  max_request_size_mb: 10
  max_file_size_mb: 100
  takes_foreign_file_ids: true
  batch_check_interval: 60
  batch_overdue_after: 0
  max_response_size_mb: 0.5
  cost_per_token: { gpt-4: 0.00006 }
  track_spend: true
`,
      { ...env, MASTER: 'sk-m' },
    );
    expect((options.masterKey as Secret).reveal()).toBe('sk-m');
    expect(options.allowance).toMatchObject({
      perKey: { limits: { requestsPerMinute: 100, tokensPerMinute: 10_000, parallelCalls: 10 } },
      gateway: { limits: { parallelCalls: 50 } },
    });
    expect(options).toMatchObject({
      bodyLimitBytes: 10 * 1024 * 1024,
      fileLimitBytes: 100 * 1024 * 1024,
      takesForeignFileIds: true,
      batches: { lookEveryMs: 60_000, overdueAfterMs: 0 },
      maxAnswerBytes: 512 * 1024,
      prices: { 'gpt-4': { input: 60_000_000_000, output: 60_000_000_000 } },
    });
  });

  it('for keys become keys of the directory', () => {
    const { options } = load(
      `
keys:
  - { id: alice, key: os.environ/ALICE, models: [a, "b-*"], rpm_limit: 5, max_budget: 1.5, expires: 2027-01-31, blocked: true, team_id: t, metadata: { x: 1 } }
`,
      { ALICE: 'sk-a' },
    );
    expect(options.declared).toEqual([
      {
        kind: 'key',
        id: 'alice',
        key: expect.anything(),
        body: {
          key_name: 'sk-...',
          models: ['a', 'b-*'],
          rpm_limit: 5,
          max_budget: 1.5,
          expires: '2027-01-31T00:00:00.000Z',
          blocked: true,
          team_id: 't',
          metadata: { x: 1 },
        },
      },
    ]);
  });

  it('may set variables for the rest of the file', () => {
    const { options } = load('environment_variables: { ACME_KEY: from-file, MASTER: os.environ/OTHER }\ngeneral_settings: { master_key: os.environ/MASTER }', {
      ACME_KEY: 'outer',
      OTHER: 'sk-o',
    });
    expect((options.masterKey as Secret).reveal()).toBe('sk-o');
  });
});

describe('addresses that callers name', () => {
  it.each([
    ['media: { fetch: false }', false],
    [
      'media: { allow_hosts: ["files.test", "10.0.0.7:8080"], max_size_mb: 2, timeout: 1.5 }',
      { allowHosts: ['files.test', '10.0.0.7:8080'], maxBytes: 2 * 1024 * 1024, timeoutMs: 1500 },
    ],
  ])('are fetched as %s says', (text, media) => {
    expect(load(text).options.media).toEqual(media);
  });

  it('are fetched as usual where nothing is said', () => {
    expect(load('model_list: []').options.media).toBeUndefined();
  });
});

describe('points of a cache', () => {
  it("are the deployment's", () => {
    const { options } = load(
      `
model_list:
  - model_name: a
    litellm_params:
      model: acme/a
      cache_control_injection_points: [{ location: message, role: system }, { location: message, index: -1, control: { type: ephemeral, ttl: 1h } }, { location: tool_config }]
`,
      { ACME_KEY: 'sk' },
    );
    expect(options.models?.[0]?.deployments[0]?.cachePoints).toEqual([
      { location: 'message', role: 'system' },
      { location: 'message', index: -1, control: { type: 'ephemeral', ttl: '1h' } },
      { location: 'tools' },
    ]);
  });
});
