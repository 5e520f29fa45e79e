import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigurationError, type Secret } from '@sluice/core';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from './load-config.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('models', () => {
  it('come from model_list, those of one name as one group', () => {
    const { options, keySources } = load(`
model_list:
  - model_name: big
    litellm_params: { model: acme/large, api_key: os.environ/KEY, temperature: 0.1, max_tokens: 4000, rpm: 30, timeout: 20 }
  - model_name: big
    litellm_params: { model: acme/larger, api_key: sk-written, api_base: "http://127.0.0.1:9/v1", rpm: 10, organization: org-1, extra_headers: { x-a: b } }
    model_info: { id: second, max_output_tokens: 100, input_cost_per_token: 0.0000025, output_cost_per_token: 1e-5 }
  - model_name: "acme/*"
    litellm_params: { model: "acme/*" }
`, { KEY: 'sk-1', ACME_KEY: 'sk-env' });
    expect(options.models?.map(({ name, deployments }) => [name, deployments.length])).toEqual([['big', 2], ['acme/*', 1]]);
    const [first, second] = options.models?.[0]?.deployments ?? [];
    expect(first).toMatchObject({ id: 'big#1', provider: 'acme', model: 'large', defaults: { temperature: 0.1, max_tokens: 4000 }, weight: 30, timeoutMs: 20_000 });
    expect(first?.apiKey?.reveal()).toBe('sk-1');
    expect(second).toMatchObject({
      id: 'second',
      baseUrl: 'http://127.0.0.1:9/v1',
      weight: 10,
      headers: { 'openai-organization': 'org-1', 'x-a': 'b' },
      maxOutputTokens: 100,
      price: { input: 2_500_000_000, output: 10_000_000_000 },
    });
    expect(options.models?.[1]?.deployments[0]).toMatchObject({ id: 'acme/*', model: '*' });
    expect(options.models?.[1]?.deployments[0]?.apiKey?.reveal()).toBe('sk-env');
    expect(options.providers?.map(({ name }) => name)).toEqual(['acme']);
    expect([...keySources]).toEqual([['big#1', 'KEY'], ['second', 'written in the file'], ['acme/*', 'environment']]);
  });

  it('may be left to what is installed', () => {
    expect(load('general_settings: { master_key: sk-0123456789abcdef }').options).not.toHaveProperty('models');
  });

  it('need a provider that some package brings, and what that provider needs', () => {
    expect(mistakes(`
model_list:
  - model_name: a
    litellm_params: { model: acmee/x }
  - model_name: b
    litellm_params: { model: acme/x }
  - model_name: c
    litellm_params: { model: gpt-x }
`)).toEqual([
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
    const { options } = load(`${two}
router_settings:
  routing_strategy: simple-shuffle
  model_group_alias: { both: [a, b], one: a, shown: { model: b, hidden: false } }
  fallbacks: [{ a: [b] }, { "*": [both] }]
  fallback_models: { b: [a] }
  retry_policy: { max_retries: 3, base_delay: 1, max_delay: 10 }
  timeout: 30
`, env);
    expect(options.aliases).toEqual({ both: ['a', 'b'], one: 'a', shown: 'b' });
    expect(options.models?.map(({ fallbacks }) => fallbacks)).toEqual([['b'], ['a']]);
    expect(options.router).toEqual({ retries: 3, backoffMs: 1000, maxBackoffMs: 10_000, defaultFallbacks: ['both'] });
    expect(options.timeoutMs).toBe(30_000);
  });

  it.each(['litellm_settings', 'general_settings'])('of %s are read in both places', (section) => {
    const { options } = load(`${two}
${section}:
  cache: true
  cache_params: { type: local, ttl: 600, supported_call_types: [acompletion, aembedding] }
  max_budget: 100.5
  num_retries: 1
  fallbacks: [{ a: [b] }]
`, env);
    expect(options.cache).toEqual({ ttlMs: 600_000, operations: ['chat', 'embeddings'] });
    expect(options.budget).toEqual({ gatewayNanoUsd: 100_500_000_000 });
    expect(options.router).toEqual({ retries: 1 });
    expect(options.models?.[0]?.fallbacks).toEqual(['b']);
  });

  it('in general become keys, limits, sizes and prices', () => {
    const { options } = load(`${two}
general_settings:
  master_key: os.environ/MASTER
  rpm_limit: 100
  default_max_tokens_per_minute: "10000"
  max_parallel_requests: 10
  global_max_parallel_requests: 50
  max_request_size_mb: 10
  max_response_size_mb: 0.5
  cost_per_token: { gpt-4: 0.00006 }
  track_spend: true
`, { ...env, MASTER: 'sk-m' });
    expect((options.masterKey as Secret).reveal()).toBe('sk-m');
    expect(options.limits).toEqual({ perKey: { requestsPerMinute: 100, tokensPerMinute: 10_000, parallelCalls: 10 }, gateway: { parallelCalls: 50 } });
    expect(options).toMatchObject({ bodyLimitBytes: 10 * 1024 * 1024, maxAnswerBytes: 512 * 1024, prices: { 'gpt-4': { input: 60_000_000_000, output: 60_000_000_000 } } });
  });

  it('for keys become virtual keys', () => {
    const { options } = load(`
keys:
  - { id: alice, key: os.environ/ALICE, models: [a, "b-*"], rpm_limit: 5, max_budget: 1.5, expires: 2027-01-31, blocked: true, team_id: t, metadata: { x: 1 } }
`, { ALICE: 'sk-a' });
    expect(options.keys).toEqual([
      { id: 'alice', key: expect.anything(), models: ['a', 'b-*'], limits: { requestsPerMinute: 5 }, budgetNanoUsd: 1_500_000_000, expiresAt: new Date('2027-01-31'), isBlocked: true, teamId: 't', metadata: { x: 1 } },
    ]);
    expect(JSON.stringify(options.keys)).not.toContain('sk-a');
  });

  it('may set variables for the rest of the file', () => {
    const { options } = load('environment_variables: { ACME_KEY: from-file, MASTER: os.environ/OTHER }\ngeneral_settings: { master_key: os.environ/MASTER }', { ACME_KEY: 'outer', OTHER: 'sk-o' });
    expect((options.masterKey as Secret).reveal()).toBe('sk-o');
  });
});

describe('packages', () => {
  const files = {
    'node_modules/sluice-guardrail-words/index.js': `exports.guardrail = { create: (options) => {
      if (!options.words) throw Object.assign(new Error('wrong'), { problems: [{ place: 'words[0]', message: 'is missing' }] });
      return { name: 'words', longestFinding: 7, check: () => ({ action: 'allow' }) };
    } }`,
    'node_modules/@sluice/logger-lines/index.js': `exports.sink = { create: ({ file = 'default' }) => ({ name: 'lines:' + file, write() {} }) }`,
    'my-hook.cjs': `exports.plugin = { create: () => ({ name: 'mine', phase: 'auth', handle: (ctx, next) => next() }) }`,
    'node_modules/sluice-plugin-empty/index.js': '',
  };

  it('are named in the file and made with the options there', () => {
    const { options } = load(`
guardrails:
  - guardrail_name: no-secrets
    litellm_params: { guardrail: words, mode: [pre_call, post_call], default_on: false, stream: { window: 64 }, on_error: open, words: [x] }
sinks: [lines, { sink: "@sluice/logger-lines", file: b }]
plugins: [./my-hook.cjs]
litellm_settings: { success_callback: [lines] }
`, {}, files);
    expect(options.guardrails).toMatchObject([{ guardrail: { name: 'no-secrets', onError: 'open', check: expect.any(Function), longestFinding: 7 }, on: ['input', 'output'], stream: { mode: 'window', characters: 64 }, always: false }]);
    expect(options.sinks?.map(({ name }) => name)).toEqual(['lines:default', 'lines:b']);
    expect(options.hooks).toMatchObject([{ name: 'mine' }]);
  });

  it('that are missing, empty or refuse their options are told at their place', () => {
    expect(mistakes(`
guardrails:
  - guardrail_name: a
    litellm_params: { guardrail: words, mode: pre_call }
  - guardrail_name: b
    litellm_params: { guardrail: presidio, mode: pre_call }
sinks: [gone]
plugins: [empty]
litellm_settings: { callbacks: [langfuse] }
`, {}, files)).toEqual([
      '4:21 guardrails[0].litellm_params.words[0]: is missing',
      "6:34 guardrails[1].litellm_params.guardrail: 'presidio' is not supported yet",
      '7:9 sinks[0]: no package @sluice/logger-gone or sluice-logger-gone is installed',
      '8:11 plugins[0]: the package sluice-plugin-empty exports no `plugin`',
      "9:33 litellm_settings.callbacks[0]: 'langfuse' is not supported yet",
    ]);
  });
});

describe('mistakes', () => {
  it('are told all at once, with their place and a suggestion', () => {
    expect(mistakes(`
model_lst: []
model_list:
  - model_name: a
    litellm_params:
      model: acme/x
      api_key: os.environ/GONE
      temprature: 1
      timeout: soon
  - litellm_params: { model: acme/y, tags: [x] }
router_settings:
  routing_strategy: latency-based
  fallbacks: { a: [bb] }
  max_budget: 5
general_settings:
  database_url: x
  custom_auth: a.b
  keys: []
`, { ACME_KEY: 'k' })).toEqual([
      '2:1 model_lst: unknown key. Did you mean \'model_list\'?',
      '7:16 model_list[0].litellm_params.api_key: the environment variable GONE is not set',
      '8:7 model_list[0].litellm_params.temprature: unknown key. Did you mean \'temperature\'?',
      '9:16 model_list[0].litellm_params.timeout: expected number, received string',
      '10:5 model_list[1].model_name: is missing; expected string',
      '10:38 model_list[1].litellm_params.tags: this key is not supported yet',
      "12:21 router_settings.routing_strategy: the strategy 'latency-based' is not supported yet",
      "13:14 router_settings.fallbacks: no model is named 'bb'. Did you mean 'a'?",
      '14:3 router_settings.max_budget: unknown key. It belongs in litellm_settings or general_settings or keys[].',
      '16:3 general_settings.database_url: this key is not supported yet',
      '17:3 general_settings.custom_auth: this key will not be supported: it names Python code; write a hook in a package and name it under `plugins`',
      '18:3 general_settings.keys: unknown key. It belongs in the top level.',
    ]);
  });

  it('that only the whole shows are told at their place too', () => {
    expect(mistakes(`
model_list:
  - { model_name: a, litellm_params: { model: acme/x } }
  - { model_name: b, litellm_params: { model: "acme/*", api_key: x } }
router_settings: { model_group_alias: { a: b } }
keys:
  - { id: one, key: sk-1 }
  - { id: one, key: sk-2 }
`, { ACME_KEY: 'k' })).toEqual([
      "4:38 model_list[1].litellm_params: '*' has more '*' than the name 'b' could fill",
      '5:44 router_settings.model_group_alias.a: a model has this name already',
      '8:11 keys[1].id: the id is the same as at keys[0].id',
    ]);
  });

  it('of syntax are told with their place', () => {
    expect(mistakes('a: [1\nb: "x')[0]).toMatch(/^2:\d+: /);
    expect(mistakes('keys: []\nkeys: []')).toEqual([expect.stringMatching(/^2:1: .*unique/)]);
  });

  it('do not hide behind a file that is not there', () => {
    expect(() => readConfig('/nowhere/at-all.yaml')).toThrow('/nowhere/at-all.yaml: there is no such file');
  });

  it('become notes for what has nothing to do here, and for what is to be passed over', () => {
    const text = 'router_settings: { set_verbose: true }\ngeneral_settings: { database_url: x }';
    expect(mistakes(text)).toHaveLength(1);
    const { notes } = load(text, {}, {}, 'note');
    expect(notes.map(({ place, message }) => `${place.split(':').slice(1).join(':')}: ${message}`)).toEqual([
      '1:20 router_settings.set_verbose: has nothing to do here: the log level of the server is set by LOG_LEVEL',
      '2:21 general_settings.database_url: this key is not supported yet',
    ]);
  });
});

function providerCode(name: string, variable: string): string {
  return `const p = { name: '${name}', operations: {}, problemsOf: (d) => (d.apiKey ? [] : ['${name} needs a key']) };
const secret = (value) => ({ reveal: () => value });
exports.provider = { providers: [p], discover: (env) => env.${variable} ? [{ provider: p, deployment: { apiKey: secret(env.${variable}) } }] : [] };`;
}

function load(text: string, env: Record<string, string> = {}, files: Record<string, string> = {}, unsupported: 'refuse' | 'note' = 'refuse') {
  return readConfig(write(text, files), { env, unsupported });
}

function write(text: string, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
  folders.push(folder);
  const all = {
    'package.json': '{"dependencies":{"sluice-provider-acme":"1"}}',
    'node_modules/sluice-provider-acme/index.js': providerCode('acme', 'ACME_KEY'),
    'sluice.config.yaml': text,
    ...files,
  };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return join(folder, 'sluice.config.yaml');
}

/** `line:col path: message`, in the order of the file. */
function mistakes(text: string, env: Record<string, string> = {}, files: Record<string, string> = {}): string[] {
  const file = write(text, files);
  try {
    readConfig(file, { env });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map(({ place, message, suggestion }) => `${place.slice(file.length + 1)}: ${message}${suggestion ? ` ${suggestion}` : ''}`);
  }
  return [];
}
