import { type Deployment, GatewayError, type Operation, type ProviderCall, secret } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { cohere } from './cohere.ts';
import { provider } from './provider-package.ts';
import { toError } from './to-error.ts';

const deployment: Deployment = { id: 'd', provider: 'cohere', model: 'command-a-03-2025', apiKey: secret('k') };
const own = cohere({ env: {} });

function callOf(request: object, more: Partial<Deployment> = {}, operation: Operation = 'chat'): ProviderCall {
  return { operation, request: { model: 'm', ...request }, deployment: { ...deployment, ...more } };
}

function bodyOf(request: object, more: Partial<Deployment> = {}): Record<string, unknown> {
  const messages = [{ role: 'user', content: 'x' }];
  return JSON.parse(String(own.operations.chat?.toRequest(callOf({ messages, ...request }, more)).body)) as Record<string, unknown>;
}

function refusedParam(make: () => unknown): string | undefined {
  try {
    make();
  } catch (error) {
    const { code, param } = GatewayError.from(error);
    return code === 'unsupported_parameter' ? param : code;
  }
  return undefined;
}

test.each<[Partial<Deployment>, string]>([
  [{}, 'https://api.cohere.com/v2/chat'],
  [{ baseUrl: 'http://127.0.0.1:8080' }, 'http://127.0.0.1:8080/v2/chat'],
  [{ baseUrl: 'http://127.0.0.1:8080/cohere/v2/' }, 'http://127.0.0.1:8080/cohere/v2/chat'],
])('a deployment %j is called at its address', (more, url) => {
  const wire = own.operations.chat?.toRequest(callOf({ messages: [] }, more));
  expect(wire).toMatchObject({ url, headers: { authorization: 'Bearer k', 'content-type': 'application/json' } });
});

test('a probe asks for a model, and a missing key is told', () => {
  expect(own.probe?.(deployment)).toMatchObject({ url: 'https://api.cohere.com/v1/models?page_size=1', method: 'GET', headers: { authorization: 'Bearer k' } });
  const { apiKey: _, ...bare } = deployment;
  expect(own.problemsOf?.(bare)).toEqual(["'cohere' needs a key: set apiKey (api_key), or COHERE_API_KEY in the environment."]);
});

test('is found by either name of its key, and answers to two names', () => {
  expect(provider.discover({})).toEqual([]);
  expect(provider.discover({ CO_API_KEY: 'k' })).toMatchObject([{ provider: { name: 'cohere' }, models: ['command-*', 'embed-*', 'rerank-*'] }]);
  expect(provider.providers.map(({ name }) => name)).toEqual(['cohere', 'cohere_chat']);
});

describe('a chat', () => {
  test('has its parameters under the names that Cohere has for them', () => {
    const request = {
      max_completion_tokens: 9,
      top_p: 0.5,
      top_k: 3,
      stop: 'a',
      seed: 1,
      frequency_penalty: 0.1,
      n: 1,
      user: 'u',
      safety_mode: 'STRICT',
      documents: ['d'],
    };
    expect(bodyOf(request)).toEqual({
      model: 'command-a-03-2025',
      messages: [{ role: 'user', content: 'x' }],
      ...{ max_tokens: 9, p: 0.5, k: 3, stop_sequences: ['a'], seed: 1, frequency_penalty: 0.1, safety_mode: 'STRICT', documents: ['d'] },
    });
  });

  test.each<[string, object]>([
    ['n', { n: 2 }],
    ['top_logprobs', { top_logprobs: 2 }],
    ['logit_bias', { logit_bias: { 1: 2 } }],
    ['service_tier', { service_tier: 'flex' }],
    ['parallel_tool_calls', { parallel_tool_calls: false, tools: [{ type: 'function', function: { name: 'f' } }] }],
    ['tools[0].type', { tools: [{ type: 'web_search' }] }],
    ['response_format', { response_format: { type: 'grammar' } }],
    ['reasoning_effort', { reasoning_effort: 'high' }],
    ['messages[0].content[0].type', { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] }],
    ['messages[0].role', { messages: [{ role: 'function', name: 'f', content: 'x' }] }],
  ])('is refused for %s, which Cohere lacks', (param, request) => {
    expect(refusedParam(() => bodyOf(request))).toBe(param);
    if (!param.startsWith('messages')) expect(refusedParam(() => bodyOf(request, { parameterRules: { dropUnsupported: true } }))).toBeUndefined();
  });

  test('keeps images and documents, and joins no roles', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } };
    const document = { type: 'document', document: { data: { text: 't' } } };
    const messages = [
      { role: 'developer', content: 's' },
      { role: 'user', content: [{ type: 'text', text: 'a' }, image] },
      { role: 'assistant', content: '', tool_plan: 'p', tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' }, index: 0 }] },
      { role: 'tool', tool_call_id: '1', name: 'f', content: [document] },
    ];
    expect(bodyOf({ messages }).messages).toEqual([
      { role: 'system', content: 's' },
      { role: 'user', content: [{ type: 'text', text: 'a' }, image] },
      { role: 'assistant', tool_plan: 'p', tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: '1', content: [document] },
    ]);
  });

  test('gives thoughts back in the midst of calling tools, to models that think', () => {
    const calls = [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }];
    const said = (model: string, more: object): unknown =>
      (bodyOf({ messages: [{ role: 'assistant', reasoning_content: 'Hm', ...more }] }, { model }).messages as { content?: unknown }[])[0]?.content;
    expect(said('command-a-reasoning-08-2025', { tool_calls: calls })).toEqual([{ type: 'thinking', thinking: 'Hm' }]);
    expect(said('command-a-reasoning-08-2025', { content: 'Yes' })).toBe('Yes');
    expect(said('command-a-03-2025', { tool_calls: calls })).toBeUndefined();
  });

  test('offers tools, all of them strict or none, and one alone where it has to be called', () => {
    const tool = (name: string, strict?: boolean): object => ({
      type: 'function',
      function: { name, parameters: { type: 'object' }, ...(strict !== undefined && { strict }) },
    });
    const plain = (name: string): object => tool(name);
    expect(bodyOf({ tools: [tool('f', true), tool('g')], tool_choice: 'required' })).toMatchObject({
      tools: [plain('f'), plain('g')],
      tool_choice: 'REQUIRED',
    });
    expect(bodyOf({ tools: [tool('f', true), tool('g')] }).strict_tools).toBeUndefined();
    expect(bodyOf({ tools: [tool('f', true)], tool_choice: 'auto' })).toMatchObject({ tools: [plain('f')], strict_tools: true });
    expect(bodyOf({ tools: [tool('f'), tool('g')], tool_choice: { type: 'function', function: { name: 'g' } } })).toMatchObject({
      tools: [plain('g')],
      tool_choice: 'REQUIRED',
    });
    expect(bodyOf({ tools: [tool('f')], tool_choice: 'none' })).toMatchObject({ tool_choice: 'NONE' });
    const allowed = { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] } };
    expect(bodyOf({ tools: [tool('f'), tool('g')], tool_choice: allowed })).toMatchObject({ tools: [plain('f')] });
  });

  test('asks for JSON with a schema or without', () => {
    const schema = { type: 'object', properties: {} };
    expect(bodyOf({ response_format: { type: 'json_object' } }).response_format).toEqual({ type: 'json_object' });
    expect(bodyOf({ response_format: { type: 'json_schema', json_schema: { name: 'n', schema, strict: true } } }).response_format).toEqual({
      type: 'json_object',
      json_schema: schema,
    });
    expect(bodyOf({ response_format: { type: 'json_object', json_schema: schema } }).response_format).toEqual({ type: 'json_object', json_schema: schema });
    expect(refusedParam(() => bodyOf({ response_format: { type: 'json_schema', json_schema: { name: 'n' } } }))).toBe('invalid_request');
  });

  test('says how much is to be thought', () => {
    const model = 'command-a-reasoning-08-2025';
    expect(bodyOf({ reasoning_effort: 'low' }, { model }).thinking).toEqual({ type: 'enabled', token_budget: 1024 });
    expect(bodyOf({ reasoning_effort: 'high' }, { model }).thinking).toEqual({ type: 'enabled' });
    expect(bodyOf({ reasoning_effort: 'none' }, { model }).thinking).toEqual({ type: 'disabled' });
    expect(bodyOf({ thinking: { type: 'enabled', budget_tokens: 7 } }, { model }).thinking).toEqual({ type: 'enabled', token_budget: 7 });
    expect(bodyOf({ reasoning_effort: 'none' }).thinking).toBeUndefined();
  });
});

describe('an answer', () => {
  const reply = (message: object, finish_reason: string): unknown => own.operations.chat?.toReply?.({ id: 'i', message, finish_reason }, callOf({}));

  test('keeps plans, citations and calls without arguments', () => {
    const citations = [{ start: 0, end: 1, text: 'x', sources: [] }];
    expect(
      reply({ tool_plan: 'p', tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: 'null' } }], citations }, 'TOOL_CALL'),
    ).toMatchObject({
      choices: [
        {
          message: {
            content: null,
            reasoning_content: 'p',
            tool_plan: 'p',
            tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }],
            citations,
          },
          finish_reason: 'tool_calls',
          native_finish_reason: 'TOOL_CALL',
        },
      ],
    });
  });

  test.each([
    ['STOP_SEQUENCE', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['ERROR_TOXIC', 'content_filter'],
    ['SOMETHING_NEW', 'stop'],
  ])('that ended with %s has finished with %s', (reason, finish) => {
    expect(reply({ content: [] }, reason)).toMatchObject({ choices: [{ finish_reason: finish }] });
  });

  test.each([
    ['ERROR_LIMIT', 'context_length_exceeded'],
    ['TIMEOUT', 'upstream_timeout'],
    ['ERROR', 'upstream_error'],
    ['USER_CANCEL', 'upstream_error'],
  ])('that ended with %s is none: %s', (reason, code) => {
    expect(() => reply({ content: [] }, reason)).toThrow(expect.objectContaining({ code }));
  });

  test('is charged by billed units', () => {
    const usage = {
      billed_units: { input_tokens: 1, output_tokens: 2 },
      tokens: { input_tokens: 100, output_tokens: 20, reasoning_tokens: 5 },
      cached_tokens: 64,
    };
    const mapped = own.operations.chat?.toReply?.({ id: 'i', message: { content: [] }, finish_reason: 'COMPLETE', usage }, callOf({})) ?? {};
    expect(mapped.usage).toEqual({
      prompt_tokens: 100,
      completion_tokens: 20,
      total_tokens: 120,
      prompt_tokens_details: { cached_tokens: 64 },
      completion_tokens_details: { reasoning_tokens: 5 },
      billed_units: { input_tokens: 1, output_tokens: 2 },
    });
    expect(own.operations.chat?.toUsage?.(mapped, callOf({}))).toEqual({ inputTokens: 1, outputTokens: 2 });
    expect(own.operations.chat?.toUsage?.({}, callOf({}))).toBeUndefined();
  });
});

describe('embeddings', () => {
  const embed = (request: object): unknown =>
    JSON.parse(String(own.operations.embeddings?.toRequest(callOf(request, { model: 'embed-v4.0' }, 'embeddings')).body));

  test('are asked for texts, images and both', () => {
    expect(embed({ input: 'a', dimensions: 256, encoding_format: 'base64' })).toEqual({
      model: 'embed-v4.0',
      input_type: 'search_document',
      texts: ['a'],
      embedding_types: ['float'],
      output_dimension: 256,
    });
    const image = 'data:image/png;base64,AA==';
    expect(embed({ input: [image], truncate: 'END' })).toMatchObject({ input_type: 'image', images: [image], truncate: 'END' });
    expect(embed({ input: ['a', image], input_type: 'search_query' })).toMatchObject({
      input_type: 'search_query',
      inputs: [{ content: [{ type: 'text', text: 'a' }] }, { content: [{ type: 'image_url', image_url: { url: image } }] }],
    });
  });

  test('come as the type that was asked for', () => {
    const reply = own.operations.embeddings?.toReply?.(
      { embeddings: { int8: [[1, -2]] }, meta: { billed_units: { input_tokens: 0, image_tokens: 9 } } },
      callOf({}, {}, 'embeddings'),
    );
    expect(reply).toMatchObject({ data: [{ index: 0, embedding: [1, -2] }], usage: { prompt_tokens: 9, prompt_tokens_details: { image_tokens: 9 } } });
    expect(embed({ input: 'a', embedding_types: ['int8'] })).toMatchObject({ embedding_types: ['int8'] });
  });

  test('of tokens, and of several types at once, are refused', () => {
    expect(refusedParam(() => embed({ input: [1, 2] }))).toBe('input');
    expect(refusedParam(() => embed({ input: 'a', embedding_types: ['float', 'int8'] }))).toBe('embedding_types');
  });
});

describe('reranking', () => {
  const request = { query: 'q', documents: ['a', { text: 'b', url: 'u' }, { title: 't' }], top_n: 2, return_documents: true };
  const asked = callOf(request, { model: 'rerank-v3.5' }, 'rerank');

  test('has texts only, of objects too', () => {
    expect(JSON.parse(String(own.operations.rerank?.toRequest(asked).body))).toEqual({
      model: 'rerank-v3.5',
      query: 'q',
      documents: ['a', 'b', '{"title":"t"}'],
      top_n: 2,
    });
  });

  test('gives documents back to those who want them', () => {
    const results = [
      { index: 1, relevance_score: 0.9 },
      { index: 0, relevance_score: 0.1 },
    ];
    expect(own.operations.rerank?.toReply?.({ id: 'i', results }, asked)).toEqual({
      id: 'i',
      results: [
        { index: 1, relevance_score: 0.9, document: { text: 'b', url: 'u' } },
        { index: 0, relevance_score: 0.1, document: { text: 'a' } },
      ],
    });
    expect(own.operations.rerank?.toReply?.({ results }, callOf({ ...request, return_documents: false }, {}, 'rerank'))).toEqual({ results });
  });

  test('by fields, which the second version lacks, is refused', () => {
    expect(refusedParam(() => own.operations.rerank?.toRequest(callOf({ ...request, rank_fields: ['title'] }, {}, 'rerank')))).toBe('rank_fields');
  });
});

test.each<[number, string, string, boolean]>([
  [400, 'invalid request: all elements in history must have a message', 'upstream_bad_request', false],
  [400, 'too many tokens: total number of tokens in the prompt cannot exceed 4081', 'context_length_exceeded', false],
  [401, 'invalid api token', 'upstream_authentication', false],
  [403, 'forbidden', 'upstream_permission', false],
  [404, "model 'x' not found", 'upstream_not_found', false],
  [422, 'invalid tool', 'upstream_bad_request', false],
  [429, 'slow down', 'upstream_rate_limited', true],
  [498, 'invalid token', 'upstream_authentication', false],
  [500, 'internal server error', 'upstream_error', true],
  [501, 'not implemented', 'upstream_error', false],
  [503, 'unavailable', 'upstream_overloaded', true],
])('a status %i with "%s" is %s', (status, message, code, retryable) => {
  expect(toError({ status, headers: {}, body: JSON.stringify({ message }) })).toMatchObject({ code, message, retryable });
});
