import type { JsonObject, ModelRequest, ProviderCall } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { toBody } from './to-body.ts';

const hello = [{ role: 'user', content: 'Hello' }];

function body(request: JsonObject, model = 'claude-sonnet-4-5', deployment: Partial<ProviderCall['deployment']> = {}): JsonObject {
  const asked: ModelRequest = { model: 'group', messages: hello, ...request };
  return toBody({ operation: 'chat', request: asked, deployment: { id: 'd', provider: 'anthropic', model, ...deployment } });
}

describe('messages', () => {
  test('what system and developer say goes in front, and empty texts nowhere', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'developer',
        content: [
          { type: 'text', text: '' },
          { type: 'text', text: 'Be kind.' },
        ],
      },
      ...hello,
    ];
    expect(body({ messages })).toMatchObject({
      system: [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: 'Be kind.' },
      ],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    });
  });

  test('calls, their results and what the user adds become two turns', () => {
    const call = (id: string, given: string): JsonObject => ({ id, type: 'function', function: { name: 'now', arguments: given } });
    const messages = [
      ...hello,
      { role: 'assistant', content: null, tool_calls: [call('call|1', '{"zone":"CET"}'), call('b', '')] },
      { role: 'tool', tool_call_id: 'call|1', content: 'noon' },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'late' }] },
      { role: 'user', content: 'And?' },
    ];
    expect(body({ messages }).messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'call_1', name: 'now', input: { zone: 'CET' } },
          { type: 'tool_use', id: 'b', name: 'now', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: 'noon' },
          { type: 'tool_result', tool_use_id: 'b', content: [{ type: 'text', text: 'late' }] },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
  });

  test('arguments that are no JSON object are refused with their place', () => {
    const messages = [...hello, { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'now', arguments: '{"zone":' } }] }];
    expect(() => body({ messages })).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'messages[1].tool_calls[0].function.arguments' }));
  });

  test('what an assistant said in a form that Claude does not have is refused, and not lost', () => {
    const messages = [...hello, { role: 'assistant', content: null, function_call: { name: 'now', arguments: '{}' } }];
    expect(() => body({ messages })).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param: 'messages[1].function_call' }));
  });

  test('signed thoughts go back unchanged and first, those of other providers not at all', () => {
    const thinking_blocks = [
      { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
      { type: 'redacted_thinking', data: 'eA==' },
      { type: 'thinking', thinking: 'foreign' },
    ];
    expect(body({ messages: [...hello, { role: 'assistant', content: 'Yes', reasoning_content: 'Hm.', thinking_blocks }] }).messages).toMatchObject([
      {},
      {
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
          { type: 'redacted_thinking', data: 'eA==' },
          { type: 'text', text: 'Yes' },
        ],
      },
    ]);
  });

  test('pictures and documents: embedded, by URL, by id', () => {
    const content = [
      { type: 'image_url', image_url: { url: 'data:image/jpg;base64,AAAA', detail: 'low' } },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' }, cache_control: { type: 'ephemeral' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
      { type: 'file', file: { file_data: 'data:text/plain;base64,SGk=' } },
      { type: 'file', file: { file_id: 'file_1' } },
    ];
    expect(body({ messages: [{ role: 'user', content }] }).messages).toMatchObject([
      {
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' }, cache_control: { type: 'ephemeral' } },
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'BBBB' }, title: 'a.pdf' },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Hi' } },
          { type: 'document', source: { type: 'file', file_id: 'file_1' } },
        ],
      },
    ]);
    const broken = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png,raw' } }] }];
    expect(() => body({ messages: broken })).toThrow(expect.objectContaining({ param: 'messages[0].content[0].image_url.url' }));
  });

  test('what may be cached is marked wherever the caller marked it', () => {
    const cache_control = { type: 'ephemeral', ttl: '1h' };
    const messages = [
      { role: 'system', content: 'Long.', cache_control },
      { role: 'user', content: [{ type: 'text', text: 'Hello', cache_control }] },
    ];
    const tools = [{ type: 'function', function: { name: 'now' }, cache_control }];
    expect(body({ messages, tools })).toMatchObject({
      system: [{ type: 'text', text: 'Long.', cache_control }],
      messages: [{ content: [{ text: 'Hello', cache_control }] }],
      tools: [{ name: 'now', input_schema: { type: 'object', properties: {} }, cache_control }],
    });
  });
});

describe('parameters', () => {
  test('the output limit is the caller’s, else the deployment’s, else 4096', () => {
    expect(body({ max_tokens: 5, max_completion_tokens: 6 })).toMatchObject({ max_tokens: 6 });
    expect(body({}, undefined, { maxOutputTokens: 99 })).toMatchObject({ max_tokens: 99 });
    expect(body({})).toEqual({ model: 'claude-sonnet-4-5', max_tokens: 4096, messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] });
  });

  test('fields that only Anthropic knows pass as they are', () => {
    expect(body({ top_k: 5, context_management: { edits: [] }, user: 'u-1', stop: 'END', stream: true })).toMatchObject({
      top_k: 5,
      context_management: { edits: [] },
      metadata: { user_id: 'u-1' },
      stop_sequences: ['END'],
      stream: true,
    });
    expect(body({ user: 'ann@example.com', stream: false })).not.toHaveProperty('metadata');
  });

  test('what Claude does not have is refused by name, or dropped where the deployment says so', () => {
    expect(() => body({ n: 2 })).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param: 'n', message: expect.stringContaining("'anthropic'") as string }),
    );
    expect(body({ n: 2, seed: 1 }, undefined, { parameterRules: { dropUnsupported: true } })).not.toHaveProperty('seed');
    expect(() => body({ temperature: 0.2 }, 'claude-opus-4-8')).toThrow(expect.objectContaining({ param: 'temperature' }));
    expect(body({ temperature: 1 }, 'claude-opus-4-8')).not.toHaveProperty('temperature');
    expect(() => body({ messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] })).toThrow(
      expect.objectContaining({ param: 'messages[0].content[0]' }),
    );
  });

  test('which tools may be called, and how many at once', () => {
    const tools = [{ type: 'function', function: { name: 'now' } }];
    expect(body({ tools, tool_choice: 'required', parallel_tool_calls: false })).toMatchObject({
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    });
    expect(body({ tools, tool_choice: { type: 'function', function: { name: 'now' } } })).toMatchObject({ tool_choice: { type: 'tool', name: 'now' } });
    expect(body({ tools, tool_choice: 'none', parallel_tool_calls: false }).tool_choice).toEqual({ type: 'none' });
    expect(body({ tool_choice: 'auto' })).not.toHaveProperty('tool_choice');
  });

  test('web search, and the tier', () => {
    const web_search_options = { search_context_size: 'low', user_location: { type: 'approximate', approximate: { country: 'CH' } } };
    expect(body({ web_search_options, service_tier: 'default' })).toMatchObject({
      tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 1, user_location: { type: 'approximate', country: 'CH' } }],
      service_tier: 'standard_only',
    });
    expect(() => body({ service_tier: 'flex' })).toThrow(expect.objectContaining({ param: 'service_tier' }));
  });
});

describe('thinking', () => {
  test('an effort is a budget for older models and an effort for newer ones', () => {
    expect(body({ reasoning_effort: 'high' })).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 3072 }, max_tokens: 4096 });
    expect(body({ reasoning_effort: 'low' }, 'claude-opus-4-6')).toMatchObject({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'low' },
      max_tokens: 4096,
    });
    expect(body({ reasoning_effort: 'none' }, 'claude-opus-5')).toMatchObject({ thinking: { type: 'disabled' } });
    expect(() => body({ reasoning_effort: 'low' }, 'claude-3-5-haiku-latest')).toThrow(expect.objectContaining({ param: 'reasoning_effort' }));
  });

  test('a budget stays below the limit that the caller set', () => {
    expect(body({ reasoning_effort: 'high', max_tokens: 2000 })).toMatchObject({ thinking: { budget_tokens: 1500 }, max_tokens: 2000 });
    expect(body({ reasoning_effort: 'high', max_tokens: 16_000 })).toMatchObject({ thinking: { budget_tokens: 4096 } });
    expect(body({ reasoning_effort: 'high', max_tokens: 500 })).not.toHaveProperty('thinking');
    expect(body({ thinking: { type: 'enabled', budget_tokens: 3000 } })).toMatchObject({ thinking: { budget_tokens: 3000 }, max_tokens: 4096 });
    expect(body({ thinking: { type: 'enabled', budget_tokens: 8000 } })).toMatchObject({ max_tokens: 12_096 });
  });
});

describe('an answer in JSON', () => {
  const schema = { type: 'object', properties: { age: { type: 'integer', minimum: 0 } }, required: ['age'] };
  const response_format = { type: 'json_schema', json_schema: { name: 'person', schema } };
  const tools = [{ type: 'function', function: { name: 'now' } }];

  test('is asked of models that can be held to a schema, in the form they keep', () => {
    expect(body({ response_format }).output_config).toEqual({
      format: {
        type: 'json_schema',
        schema: { ...schema, properties: { age: { type: 'integer', description: '(minimum: 0)' } }, additionalProperties: false },
      },
    });
  });

  test('is taken by a tool elsewhere, which must be called', () => {
    expect(body({ response_format }, 'claude-3-5-haiku-latest')).toMatchObject({
      tools: [{ name: 'json_answer', input_schema: schema }],
      tool_choice: { type: 'tool', name: 'json_answer', disable_parallel_tool_use: true },
    });
    expect(body({ response_format: { type: 'json_object' } })).toMatchObject({ tools: [{ name: 'json_answer' }], tool_choice: { type: 'tool' } });
    const open = { type: 'json_schema', json_schema: { name: 'map', schema: { type: 'object', additionalProperties: { type: 'number' } } } };
    expect(body({ response_format: open })).toMatchObject({ tools: [{ name: 'json_answer', input_schema: { additionalProperties: { type: 'number' } } }] });
  });

  test('leaves room for the caller’s own tools, and for thinking', () => {
    const model = 'claude-sonnet-4-0';
    expect(body({ response_format, tools }, model)).toMatchObject({ tools: [{ name: 'now' }, { name: 'json_answer' }], tool_choice: { type: 'any' } });
    expect(body({ response_format, tools, tool_choice: 'none' }, model)).toMatchObject({ tool_choice: { type: 'tool', name: 'json_answer' } });
    expect(body({ response_format, tools, tool_choice: 'required' }, model).tools).toHaveLength(1);
    expect(body({ response_format, reasoning_effort: 'low' }, model)).toMatchObject({ tool_choice: { type: 'auto' } });
  });
});
