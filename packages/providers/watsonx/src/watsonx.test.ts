import { type Deployment, type JsonObject, type Operation, type ProviderCall, secret, type WireRequest } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { provider } from './provider-package.ts';
import { toError } from './to-error.ts';
import { watsonx, type WatsonxOptions } from './watsonx.ts';

const deployment: Deployment = {
  id: 'd',
  provider: 'watsonx',
  model: 'ibm/granite-3-3-8b-instruct',
  baseUrl: 'https://eu-de.ml.cloud.ibm.com',
  apiKey: secret('k'),
  options: { project_id: 'p1' },
};

function wireOf(operation: Operation, request: JsonObject, more: Partial<Deployment> = {}, options: WatsonxOptions = {}): WireRequest {
  const call: ProviderCall = { operation, request: { model: 'm', ...request }, deployment: { ...deployment, ...more } };
  const mapping = watsonx({ env: {}, ...options }).operations[operation];
  if (!mapping) throw new Error(`It has no ${operation}`);
  return mapping.toRequest(call);
}

const bodyOf = (operation: Operation, request: JsonObject, more: Partial<Deployment> = {}): JsonObject =>
  JSON.parse(String(wireOf(operation, request, more).body)) as JsonObject;
const messages = [{ role: 'user', content: 'x' }];
const head = { model_id: 'ibm/granite-3-3-8b-instruct', project_id: 'p1' };

describe('a call goes', () => {
  const at = 'https://eu-de.ml.cloud.ibm.com/ml/v1';
  test.each<[Operation, JsonObject, string]>([
    ['chat', { messages }, '/text/chat'],
    ['chat', { messages, stream: true }, '/text/chat_stream'],
    ['completions', { prompt: 'x' }, '/text/generation'],
    ['completions', { prompt: 'x', stream: true }, '/text/generation_stream'],
    ['embeddings', { input: 'x' }, '/text/embeddings'],
    ['rerank', { query: 'x', documents: ['y'] }, '/text/rerank'],
  ])('%s %o to %s, on a day, and without the key', (operation, request, path) => {
    const { url, headers } = wireOf(operation, request, {}, { version: '2025-01-01' });
    expect(url).toBe(`${at}${path}?version=2025-01-01`);
    expect(JSON.stringify(headers)).not.toContain('authorization');
    expect(bodyOf(operation, request)).toMatchObject(head);
  });

  test('to the region, or a deployment of one’s own, which names neither model nor project', () => {
    const { baseUrl: _, ...bare } = deployment;
    const own = watsonx({ env: { WATSONX_REGION: 'us-south' } });
    const wire = own.operations.chat?.toRequest({ operation: 'chat', request: { model: 'm', messages }, deployment: { ...bare, model: 'deployment/my-chat' } });
    expect(wire?.url).toMatch(/^https:\/\/us-south\.ml\.cloud\.ibm\.com\/ml\/v1\/deployments\/my-chat\/text\/chat\?version=\d{4}-\d\d-\d\d$/);
    expect(JSON.parse(String(wire?.body))).toEqual({ messages });
  });

  test('for a space rather than a project', () => {
    expect(bodyOf('chat', { messages }, { options: { project_id: 'p1', space_id: 's1' } })).toMatchObject({ space_id: 's1' });
  });
});

describe('a chat', () => {
  test('keeps what IBM has under the same name', () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
    const request = {
      messages,
      temperature: 0,
      max_completion_tokens: 9,
      stop: 'a',
      n: 2,
      tools,
      tool_choice: 'required',
      reasoning_effort: 'low',
      user: 'u',
      seed: 7,
    };
    expect(bodyOf('chat', request)).toEqual({
      ...head,
      ...{ messages, temperature: 0, max_completion_tokens: 9, stop: ['a'], n: 2, tools, tool_choice_option: 'required', reasoning_effort: 'low', seed: 7 },
    });
    const named = { type: 'function', function: { name: 'f' } };
    expect(bodyOf('chat', { messages, tools, tool_choice: named }).tool_choice).toEqual(named);
  });

  test('has a system where OpenAI has a developer, and no content where there is none', () => {
    const calls = [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }];
    const said = [
      { role: 'developer', content: 'x' },
      { role: 'assistant', content: null, tool_calls: calls },
    ];
    expect(bodyOf('chat', { messages: said }).messages).toEqual([
      { role: 'system', content: 'x' },
      { role: 'assistant', tool_calls: calls },
    ]);
  });

  test.each<[string, JsonObject]>([
    ['reasoning_effort', { reasoning_effort: 'minimal' }],
    ['parallel_tool_calls', { parallel_tool_calls: false, tools: [{ type: 'function', function: { name: 'f' } }] }],
    ['tools[0].type', { tools: [{ type: 'custom', custom: {} }] }],
    ['service_tier', { service_tier: 'flex' }],
    ['messages[0].content[0].type', { messages: [{ role: 'user', content: [{ type: 'file', file: {} }] }] }],
  ])('is refused for %s', (param, request) => {
    expect(() => wireOf('chat', { messages, ...request })).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param }));
  });
});

test('a text is asked for in IBM’s words, greedily unless it is to be warm', () => {
  const request = { prompt: 'x', max_tokens: 9, temperature: 0.5, seed: 7, stop: ['a'], top_k: 3 };
  const parameters = { decoding_method: 'sample', temperature: 0.5, max_new_tokens: 9, random_seed: 7, stop_sequences: ['a'], top_k: 3 };
  expect(bodyOf('completions', request)).toEqual({ ...head, input: 'x', parameters });
  expect(bodyOf('completions', { prompt: 'x', temperature: 0 })).toEqual({ ...head, input: 'x', parameters: {} });
  expect(() => wireOf('completions', { prompt: ['a', 'b'] })).toThrow(/one prompt/);
});

test('vectors and orders are asked for with their own parameters', () => {
  expect(bodyOf('embeddings', { input: 'a', truncate_input_tokens: 5 })).toEqual({ ...head, inputs: ['a'], parameters: { truncate_input_tokens: 5 } });
  expect(() => wireOf('embeddings', { input: 'a', dimensions: 5 })).toThrow(/dimensions/);
  expect(bodyOf('rerank', { query: 'q', documents: ['a'], top_n: 1, return_documents: true })).toEqual({
    ...head,
    ...{ query: 'q', inputs: [{ text: 'a' }], parameters: { return_options: { top_n: 1, inputs: true } } },
  });
});

test('an answer that ran out of time is cut short', () => {
  const call: ProviderCall = { operation: 'chat', request: { model: 'm' }, deployment };
  const answer = { model_id: 'm', choices: [{ index: 0, message: { content: 'x' }, finish_reason: 'time_limit' }] };
  expect(watsonx({ env: {} }).operations.chat?.toReply?.(answer, call)).toMatchObject({ choices: [{ finish_reason: 'length' }] });
});

test.each([
  [400, 'invalid_input_argument', 'the number of input tokens 5000 cannot exceed the total tokens limit 4096 for this model', 'context_length_exceeded', false],
  [403, 'token_quota_reached', 'Token quota reached', 'upstream_permission', false],
  [404, 'model_not_supported', "Model 'x' is not supported", 'upstream_not_found', false],
  [429, 'rate_limit_reached_requests', 'Rate limit', 'upstream_rate_limited', true],
  [500, 'downstream_request_failed', 'Downstream', 'upstream_error', true],
])('an error %i %s (%s) is %s', (status, code, message, ours, retryable) => {
  const body = JSON.stringify({ errors: [{ code, message }], trace: 't', status_code: status });
  expect(toError({ status, headers: {}, body })).toMatchObject({ code: ours, message, retryable });
});

describe('what is missing', () => {
  test('is told at start-up', () => {
    const { problemsOf } = watsonx({ env: {} });
    expect(problemsOf?.({ id: 'd', provider: 'watsonx', model: 'm' })).toEqual([
      expect.stringContaining('WATSONX_REGION'),
      expect.stringContaining('WATSONX_APIKEY'),
      expect.stringContaining('WATSONX_PROJECT_ID'),
    ]);
    expect(problemsOf?.(deployment)).toEqual([]);
  });

  test('keeps it from being found', () => {
    expect(provider.discover({ WATSONX_APIKEY: 'k', WATSONX_URL: 'https://eu-de.ml.cloud.ibm.com' })).toEqual([]);
    const env = { WATSONX_APIKEY: 'k', WATSONX_URL: 'https://eu-de.ml.cloud.ibm.com', WATSONX_PROJECT_ID: 'p' };
    expect(provider.discover(env)).toMatchObject([{ provider: { name: 'watsonx' } }]);
    expect(provider.providers.map(({ name }) => name)).toEqual(['watsonx', 'watsonx_text', 'watsonx_gateway']);
  });
});
