import type { JsonObject, ModelRequest, Operation, ParameterRules, ProviderCall } from '@sluice/core';
import { secret } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { mistral } from './mistral.ts';

const provider = mistral({ env: {} });
const user = { role: 'user', content: 'Grüezi' };

function bodyOf(operation: Operation, request: JsonObject, { model = 'mistral-small-latest', parameterRules = {} as ParameterRules } = {}): JsonObject {
  const call: ProviderCall = {
    operation,
    request: { model: 'group', ...request } as ModelRequest,
    deployment: { id: 'd', provider: 'mistral', model, apiKey: secret('k'), parameterRules },
  };
  const { model: sent, ...body } = JSON.parse(String(provider.operations[operation]?.toRequest(call).body)) as JsonObject;
  expect(sent).toBe(model);
  return body;
}

function chat(fields: JsonObject, more?: Parameters<typeof bodyOf>[2]): JsonObject {
  const { messages, ...body } = bodyOf('chat', { messages: [user], ...fields }, more);
  expect(messages).toEqual([user]);
  return body;
}

function messages(...given: readonly JsonObject[]): unknown {
  return bodyOf('chat', { messages: given }).messages;
}

test("a request that is in Mistral's words already goes on as the bytes that came", () => {
  const text = '{ "model":"group", "messages": [{"role":"user","content":[{"type":"text","text":"a"}]}],"safe_prompt":true,  "random_seed": 1 }';
  const request = JSON.parse(text) as ModelRequest;
  const call = {
    operation: 'chat',
    request,
    received: Buffer.from(text),
    deployment: { id: 'd', provider: 'mistral', model: 'x', apiKey: secret('k') },
  } as const;
  expect(Buffer.from(provider.operations.chat?.toRequest(call).body as Uint8Array).toString()).toBe(text.replace('group', 'x'));
});

describe('parameters', () => {
  test.each<[JsonObject, JsonObject]>([
    [{ max_completion_tokens: 5 }, { max_tokens: 5 }],
    [{ seed: 7 }, { random_seed: 7 }],
    [{ stream: true, stream_options: { include_usage: true }, user: 'u', temperature: null }, { stream: true }],
    [
      { metadata: { a: '1' }, prompt_cache_key: 'k', safe_prompt: true, service_tier: 'auto' },
      { metadata: { a: '1' }, prompt_cache_key: 'k', safe_prompt: true },
    ],
    [
      { tool_choice: 'required', parallel_tool_calls: false, n: 2 },
      { tool_choice: 'required', parallel_tool_calls: false, n: 2 },
    ],
    [{ logit_bias: {}, store: false, modalities: ['text'] }, {}],
    [
      {
        prediction: {
          type: 'content',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
      },
      { prediction: { type: 'content', content: 'ab' } },
    ],
    [
      { tools: [{ type: 'function', function: { name: 'now', strict: null }, cache_control: { type: 'ephemeral' } }] },
      { tools: [{ type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} } } }] },
    ],
  ])('%j become %j', (given, expected) => expect(chat(given)).toEqual(expected));

  test.each([
    ['mistral-small-latest', { reasoning_effort: 'low' }, { reasoning_effort: 'high' }],
    ['mistral-small-latest', { reasoning_effort: 'none' }, { reasoning_effort: 'none' }],
    ['mistral-small-latest', { reasoning_effort: 'minimal' }, { reasoning_effort: 'none' }],
    ['mistral-small-latest', { thinking: { type: 'enabled', budget_tokens: 1024 } }, { reasoning_effort: 'high' }],
    ['mistral-small-latest', { thinking: { type: 'disabled' } }, { reasoning_effort: 'none' }],
    ['magistral-medium-latest', { reasoning_effort: 'medium' }, { prompt_mode: 'reasoning' }],
    ['magistral-medium-latest', { reasoning_effort: 'none' }, { prompt_mode: null }],
  ])('%s thinks as asked by %j', (model, given, expected) => expect(chat(given, { model })).toEqual(expected));

  test.each<[string, JsonObject]>([
    ['logit_bias', { logit_bias: { 5: 1 } }],
    ['service_tier', { service_tier: 'flex' }],
    ['web_search_options', { web_search_options: {} }],
    ['tool_choice', { tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [] } }],
    ['tools[0]', { tools: [{ type: 'custom', custom: { name: 'x' } }] }],
    ['messages[0].role', { messages: [{ role: 'function', name: 'x', content: '1' }] }],
    ['messages[0].audio', { messages: [{ role: 'assistant', audio: { id: 'x' } }] }],
  ])('%s is refused where it cannot be honoured', (param, given) => {
    expect(() => bodyOf('chat', { messages: [user], ...given })).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param }) as Error);
  });

  test('what cannot be honoured is left out where the deployment says so', () => {
    expect(chat({ logit_bias: { 5: 1 }, service_tier: 'flex' }, { parameterRules: { dropUnsupported: true } })).toEqual({});
  });
});

describe('messages', () => {
  test('of developers are of the system, and only results of tools have a name', () => {
    expect(
      messages({ role: 'developer', content: 'a', name: 'x' }, { ...user, name: 'y' }, { role: 'tool', tool_call_id: 'abcdefgh1', name: 'now', content: '1' }),
    ).toEqual([{ role: 'system', content: 'a' }, user, { role: 'tool', tool_call_id: 'abcdefgh1', name: 'now', content: '1' }]);
  });

  test('thoughts go back as a part, and a prefix stays one', () => {
    expect(
      messages(user, { role: 'assistant', content: 'Yes', reasoning_content: 'Hm', refusal: null, annotations: [] }, user, {
        role: 'assistant',
        content: 'So',
        prefix: true,
      }),
    ).toEqual([
      user,
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
          { type: 'text', text: 'Yes' },
        ],
      },
      user,
      { role: 'assistant', content: 'So', prefix: true },
    ]);
  });

  test("ids of other hosts' tool calls become nine letters and digits, the same for call and result", () => {
    const [call, result, own] = messages(
      { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' }, extra_content: {} }] },
      { role: 'tool', tool_call_id: 'call_1', content: '1' },
      { role: 'tool', tool_call_id: 'D681PevKs', content: '1' },
    ) as [JsonObject, JsonObject, JsonObject];
    const id = (result.tool_call_id as string) ?? '';
    expect(id).toMatch(/^[a-z0-9]{9}$/);
    expect(call.tool_calls).toEqual([{ id, type: 'function', function: { name: 'f', arguments: '{}' } }]);
    expect(own.tool_call_id).toBe('D681PevKs');
  });

  test.each<[JsonObject, JsonObject]>([
    [
      { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'a' },
    ],
    [
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
      { type: 'input_audio', input_audio: 'AAAA' },
    ],
    [
      { type: 'file', file: { file_data: 'data:application/pdf;base64,AA', filename: 'a.pdf' } },
      { type: 'document_url', document_url: 'data:application/pdf;base64,AA', document_name: 'a.pdf' },
    ],
    [
      { type: 'file', file: { file_data: 'AA' } },
      { type: 'document_url', document_url: 'data:application/pdf;base64,AA' },
    ],
    [
      { type: 'file', file: { file_id: 'https://x.example/a.pdf' } },
      { type: 'document_url', document_url: 'https://x.example/a.pdf' },
    ],
    [
      { type: 'file', file: { file_id: 'bb9e30b1-970f-4a42-b682-8c0079e7c242' } },
      { type: 'file', file_id: 'bb9e30b1-970f-4a42-b682-8c0079e7c242' },
    ],
    [
      { type: 'file', file: { file_data: 'data:image/png;base64,AA' } },
      { type: 'image_url', image_url: 'data:image/png;base64,AA' },
    ],
    [
      { type: 'document_url', document_url: 'https://x.example/a.pdf' },
      { type: 'document_url', document_url: 'https://x.example/a.pdf' },
    ],
  ])('%j becomes %j', (part, expected) => {
    expect(messages({ role: 'user', content: [part] })).toEqual([{ role: 'user', content: [expected] }]);
  });
});

describe('other operations', () => {
  test('code is asked for by a prompt, a suffix and a seed', () => {
    expect(bodyOf('completions', { prompt: ['a'], suffix: 'b', seed: 1, max_tokens: 5, user: 'u', n: 1 })).toEqual({
      prompt: 'a',
      suffix: 'b',
      random_seed: 1,
      max_tokens: 5,
    });
    expect(() => bodyOf('completions', { prompt: ['a', 'b'] })).toThrow(/one text at a time/);
    expect(() => bodyOf('completions', { prompt: 'a', echo: true })).toThrow(/cannot honour 'echo'/);
  });

  test('vectors have an output dimension, and are made of texts', () => {
    expect(bodyOf('embeddings', { input: ['a'], dimensions: 64, user: 'u' })).toEqual({ input: ['a'], output_dimension: 64 });
    expect(() => bodyOf('embeddings', { input: [1, 2] })).toThrow(/no tokens/);
  });

  test('texts are judged, and pictures are not', () => {
    expect(bodyOf('moderations', { input: [{ type: 'text', text: 'a' }] })).toEqual({ input: ['a'] });
    expect(() => bodyOf('moderations', { input: [{ type: 'image_url', image_url: { url: 'x' } }] })).toThrow(/judges texts only/);
    const judged = provider.operations.moderations?.toReply?.(
      { results: [{ categories: { a: false, b: true } }, { categories: { a: false } }] },
      {} as ProviderCall,
    );
    expect(judged?.results).toEqual([expect.objectContaining({ flagged: true }), expect.objectContaining({ flagged: false })]);
  });
});
