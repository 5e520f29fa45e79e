import { type Deployment, type JsonObject, type Operation, type ProviderCall, secret, type WireRequest } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { provider } from './provider-package.ts';
import { replicate } from './replicate.ts';
import { toError } from './to-error.ts';

const deployment: Deployment = { id: 'd', provider: 'replicate', model: 'meta/meta-llama-3-8b-instruct', apiKey: secret('r8_k') };
const own = replicate({ env: {} });
const VERSION = 'a'.repeat(64);

function callOf(operation: Operation, request: JsonObject, more: Partial<Deployment> = {}): ProviderCall {
  return { operation, request: { model: 'm', ...request }, deployment: { ...deployment, ...more } };
}

function wireOf(operation: Operation, request: JsonObject, more: Partial<Deployment> = {}): WireRequest {
  const mapping = own.operations[operation];
  if (!mapping) throw new Error(`It has no ${operation}`);
  return mapping.toRequest(callOf(operation, request, more));
}

const inputOf = (operation: Operation, request: JsonObject, more: Partial<Deployment> = {}): unknown =>
  (JSON.parse(String(wireOf(operation, request, more).body)) as { readonly input: unknown }).input;
const user = (content: unknown): object => ({ role: 'user', content });

describe('a model', () => {
  const api = 'https://api.replicate.com/v1';
  test.each<[string, string, JsonObject]>([
    ['meta/llama', `${api}/models/meta/llama/predictions`, {}],
    ['deployments/acme/llama', `${api}/deployments/acme/llama/predictions`, {}],
    [`meta/llama:${VERSION}`, `${api}/predictions`, { version: VERSION }],
    [VERSION, `${api}/predictions`, { version: VERSION }],
  ])('%s is asked for at %s', (model, url, fields) => {
    const wire = wireOf('completions', { prompt: 'x' }, { model });
    expect(wire).toMatchObject({ url, headers: { authorization: 'Bearer r8_k', 'content-type': 'application/json' } });
    expect(JSON.parse(String(wire.body))).toEqual({ input: { prompt: 'x' }, ...fields });
  });

  test('elsewhere has the address of the deployment', () => {
    expect(wireOf('completions', { prompt: 'x' }, { baseUrl: 'http://127.0.0.1:9' }).url).toBe(
      'http://127.0.0.1:9/v1/models/meta/meta-llama-3-8b-instruct/predictions',
    );
  });
});

describe('a chat', () => {
  test('of one question is its prompt, with instructions apart', () => {
    const messages = [{ role: 'system', content: 'Be brief' }, { role: 'developer', content: 'Be kind' }, user([{ type: 'text', text: 'Hi' }])];
    expect(inputOf('chat', { messages })).toEqual({ prompt: 'Hi', system_prompt: 'Be brief\n\nBe kind' });
  });

  test('of more turns is written down', () => {
    const messages = [user('Hi'), { role: 'assistant', content: 'Hello' }, user('Who are you?')];
    expect(inputOf('chat', { messages })).toEqual({ prompt: 'User: Hi\n\nAssistant: Hello\n\nUser: Who are you?\n\nAssistant:' });
  });

  test('stays in messages for a model that takes them', () => {
    const messages = [user([{ type: 'image_url', image_url: { url: 'https://a.example/b.png' } }])];
    expect(inputOf('chat', { messages }, { options: { input: 'messages' } })).toEqual({ messages });
  });

  test('has its parameters under the names of most models, and the model’s own as they are', () => {
    const request = { messages: [user('x')], max_completion_tokens: 9, temperature: 0.5, top_p: 0.9, stop: ['a', 'b'], seed: 7, top_k: 5, user: 'u', n: 1 };
    expect(inputOf('chat', request)).toEqual({ prompt: 'x', max_tokens: 9, temperature: 0.5, top_p: 0.9, stop_sequences: 'a,b', seed: 7, top_k: 5 });
    expect(inputOf('chat', { messages: [user('x')], max_tokens: 9 }, { model: 'openai/gpt-5' })).toMatchObject({ max_completion_tokens: 9 });
  });

  test.each<[string, JsonObject]>([
    ['n', { n: 2 }],
    ['tools', { tools: [{ type: 'function', function: { name: 'f' } }] }],
    ['response_format', { response_format: { type: 'json_object' } }],
    ['stop', { stop: 'a,b' }],
    ['messages[0].content[0].type', { messages: [user([{ type: 'image_url', image_url: { url: 'https://a.example/b.png' } }])] }],
    ['messages[0]', { messages: [{ role: 'tool', tool_call_id: '1', content: 'x' }] }],
  ])('is refused for %s', (param, request) => {
    expect(() => wireOf('chat', { messages: [user('x')], ...request })).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param }));
  });
});

describe('pictures', () => {
  test('are asked for by size and number', () => {
    expect(inputOf('images.generate', { prompt: 'x', size: '512x768', n: 2, seed: 7, response_format: 'url', quality: 'high' })).toEqual({
      ...{ prompt: 'x', width: 512, height: 768, num_outputs: 2, seed: 7, quality: 'high' },
    });
  });

  test.each<[string, JsonObject, Partial<Deployment>]>([
    ['size', { size: 'large' }, {}],
    ['response_format', { response_format: 'b64_json', n: 2 }, {}],
    ['response_format', { response_format: 'b64_json' }, { price: { input: 0, output: 0, perSecond: 1 } }],
    ['style', { style: 'vivid' }, {}],
  ])('are refused for %s', (param, request, more) => {
    expect(() => wireOf('images.generate', { prompt: 'x', ...request }, more)).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param }));
  });

  test('that come as data are told as such', () => {
    const reply = own.operations['images.generate']?.toReply?.({ status: 'succeeded', output: ['data:image/png;base64,AA=='] }, callOf('images.generate', {}));
    expect(reply).toMatchObject({ data: [{ b64_json: 'AA==' }] });
  });
});

describe('a prediction that is under way', () => {
  const { chat } = own.operations;
  const starting = { id: 'p1', status: 'starting', urls: { stream: 'https://stream.replicate.com/v1/files/abc' } };
  const self = 'https://api.replicate.com/v1/predictions/p1';

  test('is asked for again, or listened to', () => {
    const cancel = { url: `${self}/cancel` };
    expect(chat?.follow?.(starting, callOf('chat', {}))).toMatchObject({ wire: { url: self, method: 'GET' }, afterMs: 500, cancel });
    const listened = chat?.follow?.(starting, callOf('chat', { stream: true }));
    expect(listened).toMatchObject({ wire: { url: starting.urls.stream, method: 'GET', headers: { accept: 'text/event-stream' } }, afterMs: 0, cancel });
    expect(listened?.wire.headers.authorization, 'the key stays at home').toBeUndefined();
    expect(chat?.follow?.({ ...starting, urls: {} }, callOf('chat', { stream: true }))?.wire.url).toBe(self);
  });

  test.each(['succeeded', 'failed', 'canceled', 'aborted'])('is over when it has %s', (status) => {
    expect(chat?.follow?.({ ...starting, status }, callOf('chat', {}))).toBeUndefined();
  });
});

describe('a model that is paid by its time', () => {
  const price = { input: 0, output: 0, perSecond: 1_000_000_000 };
  const call = callOf('chat', { stream: true }, { price });

  test('is not listened to: a stream does not tell the time', () => {
    const starting = { id: 'p1', status: 'starting', urls: { stream: 'https://stream.replicate.com/v1/files/abc' } };
    expect(own.operations.chat?.follow?.(starting, call)?.wire.url).toMatch(/predictions\/p1$/);
  });

  test.each<[JsonObject, number]>([
    [{ metrics: { predict_time: 1.5 } }, 1.5],
    [{ started_at: '2024-01-01T00:00:00Z', completed_at: '2024-01-01T00:00:02.5Z' }, 2.5],
  ])('tells it: %o', (more, seconds) => {
    expect(own.operations.chat?.toReply?.({ status: 'succeeded', output: 'x', ...more }, call)).toMatchObject({ usage: { seconds } });
  });

  test('and does not tell it, is not free', () => {
    expect(() => own.operations.chat?.toReply?.({ status: 'succeeded', output: 'x' }, call)).toThrow(/does not tell how long/);
  });
});

test.each([
  [500, { error: 'Prompt is too long for this model' }, 'context_length_exceeded', false],
  [502, { status: 'failed', error: 'NSFW content detected' }, 'content_policy_violation', false],
  [502, { status: 'failed', error: 'CUDA out of memory' }, 'upstream_error', true],
  [402, { title: 'Insufficient credit', detail: 'You have insufficient credit to run this model.' }, 'upstream_permission', false],
  [429, { detail: 'Throttled' }, 'upstream_rate_limited', true],
])('an error %i %o is %s', (status, body, code, retryable) => {
  expect(toError({ status, headers: {}, body: JSON.stringify(body) })).toMatchObject({ code, retryable });
});

test('is found by its key, and a probe asks whose it is', () => {
  expect(provider.discover({})).toEqual([]);
  expect(provider.discover({ REPLICATE_API_TOKEN: 'k' })).toMatchObject([{ provider: { name: 'replicate' } }]);
  expect(own.probe?.(deployment)).toMatchObject({ url: 'https://api.replicate.com/v1/account', method: 'GET' });
});
