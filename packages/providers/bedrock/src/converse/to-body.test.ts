import { type Deployment, GatewayError, type JsonObject, type ModelRequest } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { toBody } from './to-body.ts';

const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const NOVA = 'us.amazon.nova-2-lite-v1:0';
const LLAMA = 'meta.llama3-2-1b-instruct-v1:0';
const HELLO = [{ role: 'user', content: 'Hello' }];
const weather = {
  type: 'function',
  function: { name: 'weather', description: 'Tells it', parameters: { type: 'object', properties: { city: {} } }, strict: true },
};
const spec = { toolSpec: { name: 'weather', description: 'Tells it', inputSchema: { json: { type: 'object', properties: { city: {} } } } } };

function body(request: Partial<ModelRequest>, model = CLAUDE, more: Partial<Deployment> = {}): JsonObject {
  const deployment = { id: 'd', provider: 'bedrock', model, ...more };
  return toBody({ operation: 'chat', request: { model: 'm', messages: HELLO, ...request }, deployment });
}

function refusal(request: Partial<ModelRequest>, model = CLAUDE): Partial<GatewayError> {
  try {
    body(request, model);
  } catch (error) {
    if (GatewayError.is(error)) return error;
  }
  throw new Error('It was not refused');
}

describe('a conversation', () => {
  test('has systems in front, neighbours of one role in one turn, and no blank texts', () => {
    const messages = [
      { role: 'system', content: 'Be terse', cache_control: { type: 'ephemeral', ttl: '1h' } },
      { role: 'user', content: 'A' },
      {
        role: 'user',
        content: [
          { type: 'text', text: ' ' },
          { type: 'text', text: 'B', cache_control: { type: 'ephemeral' } },
        ],
      },
      { role: 'developer', content: 'Be kind' },
    ];
    expect(body({ messages })).toEqual({
      system: [{ text: 'Be terse' }, { cachePoint: { type: 'default', ttl: '1h' } }, { text: 'Be kind' }],
      messages: [{ role: 'user', content: [{ text: 'A' }, { text: 'B' }, { cachePoint: { type: 'default' } }] }],
    });
  });

  test('has signed thoughts, calls and their results in the form of Converse', () => {
    const messages = [
      ...HELLO,
      {
        role: 'assistant',
        content: null,
        thinking_blocks: [
          { type: 'thinking', thinking: 'Hm', signature: 's' },
          { type: 'thinking', thinking: 'of another provider' },
          { type: 'redacted_thinking', data: 'ZGF0YQ==' },
        ],
        tool_calls: [
          { id: 'call|1', type: 'function', function: { name: 'weather', arguments: '{"city":"Zürich"}' } },
          { id: 'b', type: 'function', function: { name: 'now', arguments: '' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call|1', content: '21 °C' },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'no clock' }], is_error: true },
      { role: 'user', content: 'And?' },
    ];
    expect(body({ messages, tools: [weather] }).messages).toEqual([
      { role: 'user', content: [{ text: 'Hello' }] },
      {
        role: 'assistant',
        content: [
          { reasoningContent: { reasoningText: { text: 'Hm', signature: 's' } } },
          { reasoningContent: { redactedContent: 'ZGF0YQ==' } },
          { toolUse: { toolUseId: 'call_1', name: 'weather', input: { city: 'Zürich' } } },
          { toolUse: { toolUseId: 'b', name: 'now', input: {} } },
        ],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: 'call_1', content: [{ text: '21 °C' }] } },
          { toolResult: { toolUseId: 'b', content: [{ text: 'no clock' }], status: 'error' } },
          { text: 'And?' },
        ],
      },
    ]);
  });

  test('may hold images, videos and documents, each document under a name of its own', () => {
    const file = (file: object): object => ({ type: 'file', file });
    const content = [
      { type: 'image_url', image_url: { url: 'data:image/jpg;base64,AAAA' } },
      { type: 'image_url', image_url: 's3://bucket/a.webp' },
      { type: 'video_url', video_url: { url: 'data:video/mp4;base64,BBBB' } },
      file({ file_data: 'data:application/pdf;base64,CCCC', filename: 'Report_2026 (final).pdf' }),
      file({ file_data: 'data:text/csv;base64,DDDD', filename: 'Report 2026 (final).csv' }),
      file({ file_data: 'EEEE' }),
      file({ file_data: 'data:application/octet-stream;base64,FFFF', filename: 'notes.md' }),
    ];
    expect(body({ messages: [{ role: 'user', content }] }).messages).toEqual([
      {
        role: 'user',
        content: [
          { image: { format: 'jpeg', source: { bytes: 'AAAA' } } },
          { image: { format: 'webp', source: { s3Location: { uri: 's3://bucket/a.webp' } } } },
          { video: { format: 'mp4', source: { bytes: 'BBBB' } } },
          { document: { format: 'pdf', name: 'Report 2026 (final)', source: { bytes: 'CCCC' } } },
          { document: { format: 'csv', name: 'Report 2026 (final) 2', source: { bytes: 'DDDD' } } },
          { document: { format: 'pdf', name: 'document', source: { bytes: 'EEEE' } } },
          { document: { format: 'md', name: 'notes', source: { bytes: 'FFFF' } } },
        ],
      },
    ]);
  });

  test.each([
    [[{ type: 'input_audio', input_audio: {} }], 'messages[0].content[0].input_audio', 'invalid_request'],
    [[{ type: 'holograph' }], 'messages[0].content[0].type', 'unsupported_parameter'],
    [[{ type: 'file', file: { file_data: 'data:application/zip;base64,AA' } }], 'messages[0].content[0].file.file_data', 'unsupported_parameter'],
    [[{ type: 'image_url', image_url: { url: 'data:image/png,plain' } }], 'messages[0].content[0].image_url.url', 'invalid_request'],
    [[{ type: 'image_url' }], 'messages[0].content[0].image_url', 'invalid_request'],
    [[{ type: 'file', file: {} }], 'messages[0].content[0].file', 'invalid_request'],
  ])('is refused with %j, at its place', (content, param, code) => {
    expect(refusal({ messages: [{ role: 'user', content }] })).toMatchObject({ code, param });
  });

  test('is refused with arguments that are no object', () => {
    const messages = [...HELLO, { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '[1]' } }] }];
    expect(refusal({ messages })).toMatchObject({ code: 'invalid_request', param: 'messages[1].tool_calls[0].function.arguments' });
  });
});

describe('parameters', () => {
  test('of OpenAI are those of Converse, or the model’s own', () => {
    const request = {
      max_completion_tokens: 9,
      max_tokens: 5,
      temperature: 0.5,
      top_p: 0.9,
      stop: 'X',
      top_k: 3,
      anthropic_beta: ['b'],
      user: 'u',
      stream: true,
    };
    expect(body({ ...request, service_tier: 'flex', guardrailConfig: { guardrailIdentifier: 'g' }, performanceConfig: { latency: 'optimized' } })).toEqual({
      messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
      inferenceConfig: { maxTokens: 9, temperature: 0.5, topP: 0.9, stopSequences: ['X'] },
      additionalModelRequestFields: { top_k: 3, anthropic_beta: ['b'] },
      serviceTier: { type: 'flex' },
      guardrailConfig: { guardrailIdentifier: 'g' },
      performanceConfig: { latency: 'optimized' },
    });
    expect(body({ top_k: 3, additionalModelRequestFields: { x: 1 } }, NOVA).additionalModelRequestFields).toEqual({ inferenceConfig: { topK: 3 }, x: 1 });
    expect(body({}, CLAUDE, { maxOutputTokens: 77 }).inferenceConfig).toEqual({ maxTokens: 77 });
  });

  test.each(['n', 'seed', 'logit_bias', 'logprobs', 'frequency_penalty', 'functions'])('that there are no words for are refused: %s', (param) => {
    expect(refusal({ [param]: param === 'logprobs' ? true : 2 })).toMatchObject({ code: 'unsupported_parameter', param });
    expect(body({ [param]: 2 }, CLAUDE, { parameterRules: { dropUnsupported: true } })).toEqual(body({}));
  });

  test.each([
    [CLAUDE, 'medium', {}, { thinking: { type: 'enabled', budget_tokens: 2048 } }],
    [CLAUDE, 'high', { max_tokens: 2000 }, { thinking: { type: 'enabled', budget_tokens: 1500 } }],
    [CLAUDE, 'low', { max_tokens: 500 }, undefined],
    ['global.anthropic.claude-opus-4-6-v1', 'high', {}, { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }],
    ['us.anthropic.claude-sonnet-5', 'none', {}, { thinking: { type: 'disabled' } }],
    [NOVA, 'minimal', {}, { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' } }],
    ['openai.gpt-oss-120b-1:0', 'high', {}, { reasoning_effort: 'high' }],
    [LLAMA, 'none', {}, undefined],
  ])('%s thinks by the words of its maker (%s, %j)', (model, effort, more, expected) => {
    expect(body({ reasoning_effort: effort, ...more }, model).additionalModelRequestFields).toEqual(expected);
  });

  test('of thinking go to Claude as they are, and to nobody else', () => {
    const thinking = { type: 'enabled', budget_tokens: 4000 };
    expect(body({ thinking }).additionalModelRequestFields).toEqual({ thinking });
    expect(refusal({ thinking }, LLAMA)).toMatchObject({ param: 'thinking' });
    expect(refusal({ reasoning_effort: 'high' }, LLAMA)).toMatchObject({ param: 'reasoning_effort' });
    expect(refusal({ reasoning_effort: 'a lot' })).toMatchObject({ param: 'reasoning_effort' });
  });
});

describe('tools', () => {
  const calls = [
    ...HELLO,
    { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'weather', arguments: '{}' } }] },
    { role: 'tool', tool_call_id: 'a', content: 'x' },
  ];

  test.each([
    ['auto', { auto: {} }],
    ['required', { any: {} }],
    [{ type: 'function', function: { name: 'weather' } }, { tool: { name: 'weather' } }],
    [undefined, undefined],
  ])('are described, and chosen by %j', (choice, toolChoice) => {
    expect(body({ tools: [weather], tool_choice: choice }).toolConfig).toEqual({ tools: [spec], ...(toolChoice && { toolChoice }) });
  });

  test('are left away where none may be called, which a conversation with calls rules out', () => {
    expect(body({ tools: [weather], tool_choice: 'none' })).not.toHaveProperty('toolConfig');
    expect(refusal({ messages: calls, tools: [weather], tool_choice: 'none' })).toMatchObject({ param: 'tool_choice' });
  });

  test('may have cache points, be Amazon’s own, and come one at a time from Claude only', () => {
    const own = { systemTool: { name: 'nova_code_interpreter' } };
    expect(body({ tools: [{ ...weather, cache_control: { type: 'ephemeral' } }, own] }).toolConfig).toEqual({
      tools: [spec, { cachePoint: { type: 'default' } }, own],
    });
    expect(body({ web_search_options: {} }, NOVA).toolConfig).toEqual({ tools: [{ systemTool: { name: 'nova_grounding' } }] });
    expect(refusal({ web_search_options: {} })).toMatchObject({ param: 'web_search_options' });
    const one = body({ tools: [weather], tool_choice: 'required', parallel_tool_calls: false });
    expect(one.additionalModelRequestFields).toEqual({ tool_choice: { type: 'any', disable_parallel_tool_use: true } });
    expect(refusal({ tools: [weather], parallel_tool_calls: false }, NOVA)).toMatchObject({ param: 'parallel_tool_calls' });
    expect(refusal({ tools: [{ type: 'custom', custom: {} }] })).toMatchObject({ param: 'tools[0]' });
  });

  const format = { type: 'json_schema', json_schema: { name: 'place', description: 'A place', schema: { properties: { city: {} } } } };
  const answer = { name: 'json_answer', inputSchema: { json: { type: 'object', properties: { city: {} } } } };

  test.each([
    [CLAUDE, {}, { tool: { name: 'json_answer' } }],
    [CLAUDE, { tools: [weather] }, { any: {} }],
    [CLAUDE, { reasoning_effort: 'high' }, { auto: {} }],
    ['mistral.mistral-large-2402-v1:0', {}, { any: {} }],
    [LLAMA, {}, undefined],
  ])('take an answer that has to be JSON from %s (%j)', (model, more, choice) => {
    const { tools, toolChoice } = body({ response_format: format, ...more }, model).toolConfig as { tools: { toolSpec: object }[]; toolChoice?: object };
    expect(tools.at(-1)?.toolSpec).toMatchObject(answer);
    expect(toolChoice).toEqual(choice);
  });

  test('take none where the caller demands a call, and need a schema', () => {
    expect(body({ response_format: format, tools: [weather], tool_choice: 'required' }).toolConfig).toEqual({ tools: [spec], toolChoice: { any: {} } });
    expect(refusal({ response_format: { type: 'json_schema' } })).toMatchObject({ param: 'response_format' });
  });
});

test('sound goes as bytes, however it is named', () => {
  const content = [
    { type: 'input_audio', input_audio: { data: 'QUJD', format: 'wav' } },
    { type: 'audio_url', audio_url: { url: 'data:audio/mpeg;base64,REVG' } },
  ];
  expect(body({ messages: [{ role: 'user', content }] })).toMatchObject({
    messages: [{ content: [{ audio: { format: 'wav', source: { bytes: 'QUJD' } } }, { audio: { format: 'mp3', source: { bytes: 'REVG' } } }] }],
  });
});
