import { createGateway, type Deployment, type ProviderCall, secret } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { openaiCompatible } from './openai-compatible.ts';
import { presetProvider } from './preset-provider.ts';
import { CLOSED_HOSTS } from './closed-hosts.ts';
import { PRESETS } from './presets.ts';
import { provider as discoverable } from './provider-package.ts';

function wireOf(
  name: string,
  deployment: Partial<Deployment> = {},
  env: Record<string, string> = {},
): { url: string; headers: Readonly<Record<string, string>> } {
  const provider = presetProvider(name, { env });
  const operation = provider.operations.chat ? 'chat' : 'embeddings';
  const call: ProviderCall = { operation, request: { model: 'group' }, deployment: { id: 'd', provider: name, model: 'm', ...deployment } };
  const wire = provider.operations[operation]?.toRequest(call);
  return { url: wire?.url ?? '', headers: wire?.headers ?? {} };
}

describe('the table of hosts', () => {
  test('names at least fifty, each name and alias once', () => {
    expect(PRESETS.length).toBeGreaterThanOrEqual(50);
    const names = PRESETS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('holds every host that was promised', () => {
    const promised =
      'openai groq together_ai deepseek openrouter fireworks_ai perplexity xai cerebras deepinfra nvidia_nim sambanova novita nebius nscale hyperbolic friendliai featherless_ai galadriel github lm_studio vllm hosted_vllm llamafile xinference infinity moonshot dashscope volcengine databricks baseten snowflake meta_llama ai21 cloudflare predibase clarifai ollama_openai gemini';
    for (const name of promised.split(' ')) expect(presetProvider(name).name).toBe(name);
  });

  test('tells why a host that is no more is not there', () => {
    expect(() => presetProvider('anyscale')).toThrow(/closed its shared endpoints/);
    for (const name of Object.keys(CLOSED_HOSTS)) expect(PRESETS.map((preset) => preset.name)).not.toContain(name);
  });

  test.each(PRESETS.map((preset) => [preset.name, preset] as const))('%s has an address that can be called, or says what it needs', (name, preset) => {
    const options = Object.fromEntries(Object.keys(preset.variables ?? {}).map((part) => [part, `my-${part}`]));
    const own = preset.baseUrl === undefined ? { baseUrl: 'https://customer.example.com/v1' } : {};
    const { url, headers } = wireOf(name, { apiKey: secret('k-1234'), options, ...own });
    expect(URL.canParse(url), url).toBe(true);
    expect(url).not.toMatch(/[{}]|\/\/.*\/\//);
    expect(preset.isOwnServer ? new URL(url).hostname : new URL(url).protocol).toBe(
      preset.isOwnServer ? (preset.baseUrl ? '127.0.0.1' : 'customer.example.com') : 'https:',
    );
    expect(headers[preset.keyHeader ?? 'authorization']).toBe(preset.keyHeader ? 'k-1234' : 'Bearer k-1234');
    expect(preset.baseUrl ?? preset.baseUrlExample).toBeDefined();
  });
});

test('what a host lacks is refused by name, or left out where the deployment says so', () => {
  const { chat } = presetProvider('groq', { env: {} }).operations;
  const deployment = { id: 'd', provider: 'groq', model: 'm', apiKey: secret('k') };
  const request = { model: 'm', messages: [], logit_bias: { '5': 1 }, seed: 7 };
  expect(() => chat?.toRequest({ operation: 'chat', request, deployment })).toThrow("Provider 'groq' cannot honour 'logit_bias'");
  const dropping = { ...deployment, parameterRules: { dropUnsupported: true } };
  expect(JSON.parse(String(chat?.toRequest({ operation: 'chat', request, deployment: dropping }).body))).toEqual({ model: 'm', messages: [], seed: 7 });
});

test.each([
  // Its own client knows no other name for the limit.
  ['aleph_alpha', { max_tokens: 5 }, { maximum_tokens: 5, stream_options: { include_usage: true } }],
  ['ai21', { max_completion_tokens: 5 }, { max_tokens: 5 }],
])('%s is asked in its own words', (name, said, expected) => {
  const { chat } = presetProvider(name, { env: {} }).operations;
  const deployment = { id: 'd', provider: name, model: 'm', apiKey: secret('k') };
  const request = { model: 'm', messages: [], stream: true, ...said };
  expect(JSON.parse(String(chat?.toRequest({ operation: 'chat', request, deployment }).body))).toEqual({ model: 'm', messages: [], stream: true, ...expected });
});

describe('an address and a key are found', () => {
  test('in the deployment, before the environment, before the preset', () => {
    const env = { GROQ_API_KEY: 'from-env', GROQ_API_BASE: 'https://env.example.com/v1' };
    expect(wireOf('groq', { apiKey: secret('own'), baseUrl: 'https://own.example.com/v1/' }, env)).toMatchObject({
      url: 'https://own.example.com/v1/chat/completions',
      headers: { authorization: 'Bearer own' },
    });
    expect(wireOf('groq', {}, env)).toMatchObject({ url: 'https://env.example.com/v1/chat/completions', headers: { authorization: 'Bearer from-env' } });
    expect(wireOf('groq', {}, { GROQ_API_KEY: 'k' }).url).toBe('https://api.groq.com/openai/v1/chat/completions');
  });

  test('a bare address of a customer gets its path', () => {
    expect(wireOf('databricks', { apiKey: secret('k'), baseUrl: 'https://me.cloud.databricks.com/' }).url).toBe(
      'https://me.cloud.databricks.com/serving-endpoints/chat/completions',
    );
    expect(wireOf('ollama_openai', { baseUrl: 'http://box:11434' }).url).toBe('http://box:11434/v1/chat/completions');
  });

  test('parts of an address come from options or the environment, and cannot leave their place', () => {
    expect(wireOf('cloudflare', { apiKey: secret('k'), options: { account_id: '../x?y' } }).url).toBe(
      'https://api.cloudflare.com/client/v4/accounts/..%2Fx%3Fy/ai/v1/chat/completions',
    );
    expect(wireOf('cloudflare', { apiKey: secret('k') }, { CLOUDFLARE_ACCOUNT_ID: 'acc' }).url).toContain('/accounts/acc/ai/v1');
  });

  test("a deployment's headers are added, and a server of one's own needs no key", () => {
    const { headers } = wireOf('hosted_vllm', { headers: { 'X-Team': 'a' } });
    expect(headers).toMatchObject({ 'x-team': 'a' });
    expect(headers.authorization).toBeUndefined();
  });
});

describe('what is missing is said', () => {
  const deployment = { id: 'd', provider: 'x', model: 'm' };

  test.each([
    ['groq', {}, ["'groq' needs a key: set apiKey (api_key), or GROQ_API_KEY in the environment."]],
    [
      'databricks',
      { apiKey: secret('k') },
      ["'databricks' has another address for each customer: set baseUrl (api_base), such as https://WORKSPACE.cloud.databricks.com."],
    ],
    [
      'cloudflare',
      { apiKey: secret('k') },
      ['The address https://api.cloudflare.com/client/v4/accounts/{account_id}/ai/v1 needs options.account_id, or CLOUDFLARE_ACCOUNT_ID in the environment.'],
    ],
    ['openai', { apiKey: secret('k'), baseUrl: 'api.openai.com' }, ["'api.openai.com' is not an http(s) URL."]],
    ['openai', { apiKey: secret('k') }, []],
    ['lm_studio', {}, []],
  ] as const)('%s with %o', (name, more, expected) => {
    expect(presetProvider(name, { env: {} }).problemsOf?.({ ...deployment, ...more })).toEqual(expected);
  });

  test('a gateway says it at start-up', () => {
    const models = [{ name: 'm', deployments: [{ ...deployment, provider: 'openai' }] }];
    expect(() => createGateway({ auth: false, providers: [presetProvider('openai', { env: { OPENAI_API_KEY: '' } })], models })).toThrow(
      /'openai' needs a key/,
    );
  });

  test('a host that is not known, with the one that may be meant', () => {
    expect(() => presetProvider('deepsek')).toThrow(/No preset is named 'deepsek'.*deepseek/s);
  });

  test('an address that cannot be right', () => {
    expect(() => openaiCompatible({ name: 'mine', baseUrl: 'localhost:8000' })).toThrow(/baseUrl: 'localhost:8000' is not an http\(s\) URL/);
  });
});

describe('discovery', () => {
  function found(env: Record<string, string>): string[] {
    return discoverable.discover(env).map(({ provider }) => provider.name);
  }

  test("a key enables its host, an address a server of one's own, and a customer needs both", () => {
    expect(found({})).toEqual([]);
    expect(found({ OPENAI_API_KEY: 'k', GROQ_API_KEY: '' })).toEqual(['openai']);
    expect(found({ HOSTED_VLLM_API_BASE: 'http://127.0.0.1:8000' })).toEqual(['hosted_vllm']);
    expect(found({ DATABRICKS_API_KEY: 'k' })).toEqual([]);
    expect(found({ DATABRICKS_API_KEY: 'k', DATABRICKS_API_BASE: 'https://me.cloud.databricks.com' })).toEqual(['databricks']);
    expect(found({ CLOUDFLARE_API_KEY: 'k' })).toEqual([]);
    expect(found({ CLOUDFLARE_API_KEY: 'k', CLOUDFLARE_ACCOUNT_ID: 'a' })).toEqual(['cloudflare']);
  });

  test("says which bare model names are the host's own, and hides the key", () => {
    const [openai] = discoverable.discover({ OPENAI_API_KEY: 'sk-1' });
    expect(openai?.models).toContain('gpt-*');
    expect(JSON.stringify(openai)).not.toContain('sk-1');
  });

  test('every host and alias can be named in a configuration', () => {
    expect(discoverable.providers.map(({ name }) => name)).toEqual(expect.arrayContaining(['together_ai', 'together', 'vllm', 'hosted_vllm']));
  });
});
