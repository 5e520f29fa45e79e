import { type Deployment, GatewayError, type JsonObject, secret } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { toChatRequest } from './to-chat-request.ts';

const deployment: Deployment = { id: 'd', provider: 'gemini', model: 'gemini-2.5-flash', apiKey: secret('k') };
const messages = [{ role: 'user', content: 'Hi' }];
const contents = [{ role: 'user', parts: [{ text: 'Hi' }] }];

function mapped(request: JsonObject, more: Partial<Deployment> = {}): JsonObject {
  return toChatRequest({ operation: 'chat', request: { model: 'm', messages, ...request }, deployment: { ...deployment, ...more } }, true);
}

function refusal(request: JsonObject, more: Partial<Deployment> = {}): GatewayError | undefined {
  try {
    mapped(request, more);
    return undefined;
  } catch (error) {
    return GatewayError.from(error);
  }
}

describe('parameters', () => {
  test('are put into words of Gemini', () => {
    const asked = {
      max_completion_tokens: 9,
      temperature: 0,
      top_p: 0.5,
      top_k: 3,
      n: 2,
      stop: 'x',
      seed: 4,
      frequency_penalty: 1,
      presence_penalty: -1,
      logprobs: true,
      top_logprobs: 2,
    };
    expect(mapped(asked)).toEqual({
      contents,
      generationConfig: {
        ...{ maxOutputTokens: 9, temperature: 0, topP: 0.5, topK: 3, candidateCount: 2, stopSequences: ['x'], seed: 4 },
        ...{ frequencyPenalty: 1, presencePenalty: -1, responseLogprobs: true, logprobs: 2 },
      },
    });
  });

  test('that say nothing are left out, and Gemini’s own go on', () => {
    const safety_settings = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }];
    expect(
      mapped({ n: 1, user: 'u', logprobs: false, store: false, service_tier: 'auto', logit_bias: {}, modalities: ['text'], seed: null, safety_settings }),
    ).toEqual({
      contents,
      safetySettings: safety_settings,
    });
  });

  test.each<[string, JsonObject, string]>([
    ['logit_bias', { logit_bias: { 5: 1 } }, 'logit_bias'],
    ['a field nobody knows', { tempreture: 1 }, 'tempreture'],
    ['functions', { functions: [{ name: 'f' }] }, 'functions'],
    ['several choices in a stream', { n: 2, stream: true }, 'n'],
    ['audio out', { modalities: ['audio'] }, 'modalities'],
    ['one tool at a time', { parallel_tool_calls: false, tools: [{ type: 'function', function: { name: 'f' } }] }, 'parallel_tool_calls'],
    ['a tool of another company', { tools: [{ type: 'computer_use' }] }, 'tools[0].type'],
    ['a kind of format', { response_format: { type: 'grammar' } }, 'response_format'],
    ['the place to search from', { web_search_options: { user_location: {} } }, 'web_search_options.user_location'],
  ])('that cannot be honoured are refused, or dropped where that is wanted: %s', (_, asked, param) => {
    expect(refusal(asked)).toMatchObject({
      code: 'unsupported_parameter',
      param,
      status: 400,
      message: expect.stringContaining(`'gemini' cannot honour '${param}'`),
    });
    expect(mapped(asked, { parameterRules: { dropUnsupported: true } })).toMatchObject({ contents });
  });
});

describe('reasoning', () => {
  test.each<[string, JsonObject, JsonObject | undefined]>([
    ['gemini-2.5-flash', { reasoning_effort: 'medium' }, { thinkingBudget: 8192, includeThoughts: true }],
    ['gemini-2.5-flash', { reasoning_effort: 'none' }, { thinkingBudget: 0 }],
    ['gemini-2.5-flash', { thinking: { type: 'enabled', budget_tokens: 99 } }, { thinkingBudget: 99, includeThoughts: true }],
    ['gemini-3-flash-preview', { reasoning_effort: 'low' }, { thinkingLevel: 'low', includeThoughts: true }],
    ['gemini-3-flash-preview', { reasoning_effort: 'none' }, { thinkingLevel: 'minimal' }],
    ['gemini-3-pro-preview', { reasoning_effort: 'medium' }, { thinkingLevel: 'high', includeThoughts: true }],
    ['gemini-3.1-pro-preview', { reasoning_effort: 'minimal' }, { thinkingLevel: 'low', includeThoughts: true }],
    ['gemini-2.0-flash', { reasoning_effort: 'none' }, undefined],
    ['gemini-flash-latest', {}, undefined],
  ])('of %s by %j', (model, asked, thinkingConfig) => {
    expect(mapped(asked, { model })).toEqual({ contents, ...(thinkingConfig && { generationConfig: { thinkingConfig } }) });
  });

  test('is refused where the model has none, and its absence where the model always reasons', () => {
    expect(refusal({ reasoning_effort: 'high' }, { model: 'gemini-2.0-flash' })).toMatchObject({ param: 'reasoning_effort' });
    expect(refusal({ reasoning_effort: 'none' }, { model: 'gemini-2.5-pro' })).toMatchObject({ param: 'reasoning_effort' });
    expect(refusal({ thinking: { type: 'disabled' } }, { model: 'gemini-3-pro-preview' })).toMatchObject({ param: 'thinking' });
  });
});

describe('structured output', () => {
  const schema = { $schema: 'x', type: 'object', properties: { a: { type: ['string', 'null'] } }, additionalProperties: false };
  const { $schema: _, ...own } = schema;

  test.each<[string, JsonObject, JsonObject]>([
    ['gemini-2.5-flash', { type: 'json_object' }, { responseMimeType: 'application/json' }],
    ['gemini-2.5-flash', { type: 'json_schema', json_schema: { name: 'n', schema } }, { responseMimeType: 'application/json', responseJsonSchema: own }],
    [
      'gemini-1.5-flash',
      { type: 'json_schema', json_schema: { name: 'n', schema } },
      { responseMimeType: 'application/json', responseSchema: { type: 'object', properties: { a: { type: 'string', nullable: true } } } },
    ],
  ])('of %s by %j', (model, response_format, generationConfig) => {
    expect(mapped({ response_format }, { model })).toEqual({ contents, generationConfig });
  });
});

describe('tools', () => {
  test('are declared together, without parameters where they have none', () => {
    const tools = [
      {
        type: 'function',
        function: {
          name: 'a',
          description: 'A',
          strict: true,
          parameters: { type: 'object', properties: { x: { type: 'string' } }, additionalProperties: false },
        },
      },
      { type: 'function', function: { name: 'b', parameters: { type: 'object', properties: {} } } },
      { googleSearch: {} },
    ];
    expect(mapped({ tools }).tools).toEqual([
      { functionDeclarations: [{ name: 'a', description: 'A', parameters: { type: 'object', properties: { x: { type: 'string' } } } }, { name: 'b' }] },
      { googleSearch: {} },
    ]);
    expect(mapped({ web_search_options: {} }).tools).toEqual([{ googleSearch: {} }]);
  });

  test.each<[unknown, JsonObject]>([
    ['auto', { mode: 'AUTO' }],
    ['none', { mode: 'NONE' }],
    ['required', { mode: 'ANY' }],
    [
      { type: 'function', function: { name: 'a' } },
      { mode: 'ANY', allowedFunctionNames: ['a'] },
    ],
    [
      { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'a' } }] } },
      { mode: 'VALIDATED', allowedFunctionNames: ['a'] },
    ],
  ])('are chosen by %j', (tool_choice, functionCallingConfig) => {
    expect(mapped({ tool_choice }).toolConfig).toEqual({ functionCallingConfig });
  });
});

test('a tier of service is named where it is not the usual one', () => {
  expect(mapped({ service_tier: 'flex' })).toMatchObject({ serviceTier: 'flex' });
  expect(mapped({ service_tier: 'default' })).not.toHaveProperty('serviceTier');
  expect(() => mapped({ service_tier: 'scale' })).toThrow(/service_tier/);
});

test("what is said in Google's own words stands beside what is said in OpenAI's", () => {
  const tools = [{ type: 'function', function: { name: 'f' } }];
  const tool_config = { functionCallingConfig: { streamFunctionCallArguments: true }, retrievalConfig: { languageCode: 'de' } };
  expect(mapped({ tools, tool_choice: 'required', tool_config, media_resolution: 'MEDIA_RESOLUTION_LOW' })).toMatchObject({
    toolConfig: { functionCallingConfig: { mode: 'ANY', streamFunctionCallArguments: true }, retrievalConfig: { languageCode: 'de' } },
    generationConfig: { mediaResolution: 'MEDIA_RESOLUTION_LOW' },
  });
  expect(mapped({ tools, tool_config })).toMatchObject({ toolConfig: tool_config });
  expect(mapped({ tools })).not.toHaveProperty('toolConfig');
});
