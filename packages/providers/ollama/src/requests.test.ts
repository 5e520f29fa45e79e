import type { JsonObject, ModelRequest, Operation, ParameterRules, ProviderCall } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { toAddress } from './address.ts';
import { ollama } from './ollama.ts';
import { provider as discoverable } from './provider-package.ts';

const provider = ollama({ env: {} });
const user = { role: 'user', content: 'Grüezi' };

function bodyOf(operation: Operation, request: JsonObject, { model = 'qwen3:4b', parameterRules = {} as ParameterRules } = {}): JsonObject {
  const deployment = { id: 'd', provider: 'ollama', model, parameterRules };
  const call: ProviderCall = { operation, request: { model: 'group', ...request } as ModelRequest, deployment };
  const { model: sent, ...body } = JSON.parse(String(provider.operations[operation]?.toRequest(call).body)) as JsonObject;
  expect(sent).toBe(model);
  return body;
}

function chat(fields: JsonObject, more?: Parameters<typeof bodyOf>[2]): JsonObject {
  const { messages, ...body } = bodyOf('chat', { messages: [user], ...fields }, more);
  expect(messages).toEqual([user]);
  return body;
}

const tool = { type: 'function', function: { name: 'now', strict: true } };
const schema = { type: 'object', properties: { city: { type: 'string' } } };

describe('a chat', () => {
  test.each<[JsonObject, JsonObject]>([
    [{}, { stream: false }],
    [{ stream: true, stream_options: { include_usage: true }, user: 'u', metadata: {} }, { stream: true }],
    [
      { max_completion_tokens: 5, temperature: 0.5, top_p: 0.5, seed: 7, stop: 'x' },
      { stream: false, options: { num_predict: 5, temperature: 0.5, top_p: 0.5, seed: 7, stop: ['x'] } },
    ],
    [
      { frequency_penalty: 0.5, presence_penalty: 0.25, top_k: 5, num_ctx: 8192 },
      { stream: false, options: { frequency_penalty: 0.5, presence_penalty: 0.25, top_k: 5, num_ctx: 8192 } },
    ],
    [
      { options: { num_ctx: 1, seed: 1 }, seed: 2 },
      { stream: false, options: { num_ctx: 1, seed: 2 } },
    ],
    [
      { keep_alive: '10m', think: true, logprobs: true, top_logprobs: 2 },
      { stream: false, keep_alive: '10m', think: true, logprobs: true, top_logprobs: 2 },
    ],
    [{ response_format: { type: 'json_object' } }, { stream: false, format: 'json' }],
    [{ response_format: { type: 'json_schema', json_schema: { name: 'a', schema } } }, { stream: false, format: schema }],
    [{ response_format: { type: 'text' }, n: 1, logit_bias: {}, service_tier: 'auto', parallel_tool_calls: true }, { stream: false }],
    [{ reasoning_effort: 'high' }, { stream: false, think: true }],
    [{ reasoning_effort: 'none' }, { stream: false, think: false }],
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, { stream: false, think: true }],
    [
      { tools: [tool], tool_choice: 'auto' },
      { stream: false, tools: [{ type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} } } }] },
    ],
    [{ tools: [tool], tool_choice: 'none' }, { stream: false }],
  ])('%j becomes %j', (given, expected) => expect(chat(given)).toEqual(expected));

  test('models that know steps of thought are told which', () => {
    expect(chat({ reasoning_effort: 'minimal' }, { model: 'gpt-oss:20b' })).toMatchObject({ think: 'low' });
    expect(chat({ reasoning_effort: 'none' }, { model: 'gpt-oss:20b' })).toMatchObject({ think: false });
  });

  test.each<[string, JsonObject]>([
    ['tool_choice', { tools: [tool], tool_choice: 'required' }],
    ['tool_choice', { tools: [tool], tool_choice: { type: 'function', function: { name: 'now' } } }],
    ['parallel_tool_calls', { tools: [tool], parallel_tool_calls: false }],
    ['tools[0]', { tools: [{ type: 'custom', custom: { name: 'x' } }] }],
    ['n', { n: 2 }],
    ['response_format', { response_format: { type: 'json_schema' } }],
    ['messages[0].content[0]', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'gs://bucket/a.png' } }] }] }],
    ['messages[0].content[0]', { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } }] }] }],
  ])('%s is refused where it cannot be honoured', (param, given) => {
    expect(() => bodyOf('chat', { messages: [user], ...given })).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param }) as Error);
  });

  test('what cannot be honoured is left out where the deployment says so', () => {
    const parameterRules = { dropUnsupported: true };
    expect(chat({ tools: [tool], tool_choice: 'required', n: 2 }, { parameterRules })).toMatchObject({ stream: false, tools: [{ function: { name: 'now' } }] });
  });
});

test('messages: texts joined, pictures beside them, thoughts and calls with their arguments, results by the name of their tool', () => {
  const url = 'data:image/png;base64,iVBORw0KGgo=';
  const calls = [
    { id: 'a', type: 'function', function: { name: 'now', arguments: '{"zone":"CET"}' } },
    { id: 'b', type: 'function', function: { name: 'later', arguments: '' } },
  ];
  const { messages } = bodyOf('chat', {
    messages: [
      { role: 'developer', content: 'Be brief' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What' },
          { type: 'image_url', image_url: { url } },
          { type: 'text', text: 'is it?' },
        ],
      },
      { role: 'assistant', content: null, reasoning_content: 'Hm', tool_calls: calls },
      { role: 'tool', tool_call_id: 'b', content: '13:00' },
      { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: '12:00' }] },
    ],
  });
  expect(messages).toEqual([
    { role: 'system', content: 'Be brief' },
    { role: 'user', content: 'What\nis it?', images: ['iVBORw0KGgo='] },
    {
      role: 'assistant',
      content: '',
      thinking: 'Hm',
      tool_calls: [
        { type: 'function', function: { name: 'now', arguments: { zone: 'CET' } } },
        { type: 'function', function: { name: 'later', arguments: {} } },
      ],
    },
    { role: 'tool', content: '13:00', tool_name: 'later' },
    { role: 'tool', content: '12:00', tool_name: 'now' },
  ]);
});

test('arguments that are no JSON are told with their place', () => {
  const calls = [{ id: 'a', type: 'function', function: { name: 'now', arguments: '{"zone":' } }];
  expect(() => bodyOf('chat', { messages: [{ role: 'assistant', tool_calls: calls }] })).toThrow(/messages\[0\]\.tool_calls\[0\]\.function\.arguments/);
});

describe('other operations', () => {
  test('a completion', () => {
    expect(bodyOf('completions', { prompt: ['a'], suffix: 'b', max_tokens: 5, raw: true })).toEqual({
      prompt: 'a',
      suffix: 'b',
      raw: true,
      stream: false,
      options: { num_predict: 5 },
    });
    expect(() => bodyOf('completions', { prompt: [1, 2] })).toThrow(/one text at a time/);
  });

  test('embeddings', () => {
    expect(bodyOf('embeddings', { input: 'a', dimensions: 8, encoding_format: 'base64', user: 'u', truncate: false })).toEqual({
      input: 'a',
      dimensions: 8,
      truncate: false,
    });
    expect(() => bodyOf('embeddings', { input: [[1, 2]] })).toThrow(/no tokens/);
    const reply = provider.operations.embeddings?.toReply?.({ model: 'm', embeddings: [[0.5]] }, {
      request: { model: 'm', encoding_format: 'base64' },
    } as unknown as ProviderCall);
    expect(reply).toEqual({ object: 'list', model: 'm', data: [{ object: 'embedding', index: 0, embedding: 'AAAAPw==' }] });
  });
});

describe('where it is found', () => {
  test.each([
    ['127.0.0.1', 'http://127.0.0.1:11434'],
    ['0.0.0.0:11434', 'http://127.0.0.1:11434'],
    [':8080', 'http://127.0.0.1:8080'],
    ['[::1]:11434', 'http://[::1]:11434'],
    ['gpu.internal', 'http://gpu.internal:11434'],
    ['http://gpu.internal:11434/', 'http://gpu.internal:11434'],
    ['http://gpu.internal:11434/v1', 'http://gpu.internal:11434'],
    ['https://ollama.com/api', 'https://ollama.com'],
    ['https://x.example/ollama', 'https://x.example/ollama'],
  ])('%s is %s', (given, expected) => expect(toAddress(given)).toBe(expected));

  test('each operation has a path of its own, and a key is sent where there is one', () => {
    const deployment = { id: 'd', provider: 'ollama', model: 'm', baseUrl: 'gpu.internal' };
    const urls = (['chat', 'completions', 'embeddings', 'responses'] as const).map(
      (operation) => provider.operations[operation]?.toRequest({ operation, request: { model: 'm', messages: [], prompt: '', input: '' }, deployment }).url,
    );
    expect(urls).toEqual(['/api/chat', '/api/generate', '/api/embed', '/v1/responses'].map((path) => `http://gpu.internal:11434${path}`));
    expect(ollama({ env: { OLLAMA_API_KEY: 'k', OLLAMA_HOST: 'h' } }).probe?.({ id: 'd', provider: 'ollama', model: 'm' })).toMatchObject({
      url: 'http://h:11434/api/tags',
      headers: { authorization: 'Bearer k' },
    });
  });

  test('by its address, which is what enables it', () => {
    expect(discoverable.discover({})).toEqual([]);
    expect(discoverable.discover({ OLLAMA_HOST: '0.0.0.0' }).map(({ provider: { name }, deployment }) => [name, deployment.baseUrl])).toEqual([
      ['ollama', '0.0.0.0'],
      ['ollama_chat', '0.0.0.0'],
    ]);
  });
});
