import type { Deployment, JsonObject, Mapping, ProviderCall } from '@sluice/core';
import { providerContract, type Recording } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { vertex } from './vertex.ts';

const google = vertex({ env: {}, project: 'p', location: 'us-east5', credentials: 'ya29.token' });
const PLACE = 'https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5';

function deploymentOf(model: string): Deployment {
  return { id: 'd', provider: 'vertex_ai', model };
}

function chatOf(model: string): Mapping {
  return google.operationsOf?.(deploymentOf(model)).chat as Mapping;
}

function wireOf(model: string, request: object = {}): { readonly url: string; readonly body: JsonObject; readonly headers: Readonly<Record<string, string>> } {
  const call: ProviderCall = {
    operation: 'chat',
    request: { model: 'm', messages: [{ role: 'user', content: 'x' }], ...request },
    deployment: deploymentOf(model),
  };
  const { url, headers, body } = chatOf(model).toRequest(call);
  return { url, headers, body: JSON.parse(String(body)) as JsonObject };
}

describe('Claude', () => {
  test('is asked by Messages, with the model in the address and the version in the body', () => {
    expect(wireOf('claude-sonnet-4-5@20250929', { max_tokens: 9 })).toEqual({
      url: `${PLACE}/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict`,
      headers: { 'content-type': 'application/json', 'accept-encoding': 'identity', authorization: 'Bearer ya29.token' },
      body: { anthropic_version: 'vertex-2023-10-16', max_tokens: 9, messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] },
    });
    expect(wireOf('claude-opus-4-6', { stream: true })).toMatchObject({
      url: `${PLACE}/publishers/anthropic/models/claude-opus-4-6:streamRawPredict`,
      body: { anthropic_version: 'vertex-2023-10-16', stream: true },
    });
  });

  test('has no embeddings', () => {
    expect(Object.keys(google.operationsOf?.(deploymentOf('claude-sonnet-4-5')) ?? {})).toEqual(['chat']);
  });
});

describe('other makers', () => {
  test('are asked as a service by one address', () => {
    expect(wireOf('meta/llama-3.3-70b-instruct-maas', { max_completion_tokens: 9, stream: true })).toMatchObject({
      url: `${PLACE}/endpoints/openapi/chat/completions`,
      body: { model: 'meta/llama-3.3-70b-instruct-maas', max_tokens: 9, stream: true, stream_options: { include_usage: true } },
    });
  });

  test.each([
    ['mistral-small-2503', 'mistralai'],
    ['codestral-2501@001', 'mistralai'],
    ['jamba-1.5-large@001', 'ai21'],
  ])('have an address of their own: %s', (model, publisher) => {
    const streamed = wireOf(model, { stream: true, stream_options: { include_usage: true } });
    expect(wireOf(model).url).toBe(`${PLACE}/publishers/${publisher}/models/${model}:rawPredict`);
    expect(streamed.url).toBe(`${PLACE}/publishers/${publisher}/models/${model}:streamRawPredict`);
    expect(streamed.body).toEqual({ model: model.replace('@001', ''), messages: [{ role: 'user', content: 'x' }], stream: true });
  });

  test('seed Mistral in its own words', () => {
    expect(wireOf('mistral-small-2503', { seed: 1 }).body).toMatchObject({ random_seed: 1 });
    expect(wireOf('jamba-1.5-large', { seed: 1 }).body).toMatchObject({ seed: 1 });
  });

  test.each(['gemini-2.5-pro', 'publishers/acme/models/m', 'endpoints/12', 'gemini/12', 'gemma-3-27b'])("are Google's own otherwise: %s", (model) => {
    expect(wireOf(model).url).toMatch(/:generateContent$/);
  });
});

test.each(['claude-sonnet-4-5', 'meta/llama-3.3-70b-instruct-maas'])('who is let in, and how often, is told by Google: %s', (model) => {
  const call = { deployment: deploymentOf(model) } as ProviderCall;
  const errorOf = (status: number, body: object): unknown => chatOf(model).toError({ status, headers: {}, body: JSON.stringify(body) }, call);
  expect(errorOf(429, { error: { code: 429, message: 'Quota exceeded', status: 'RESOURCE_EXHAUSTED' } })).toMatchObject({
    code: 'upstream_rate_limited',
    retryable: true,
  });
  expect(errorOf(403, { error: { code: 403, message: 'Permission denied', status: 'PERMISSION_DENIED' } })).toMatchObject({ code: 'upstream_permission' });
  expect(errorOf(400, { type: 'error', error: { type: 'invalid_request_error', message: 'prompt is too long: 9 tokens > 8 maximum' } })).toMatchObject({
    retryable: false,
  });
});

test('a probe asks for what only Google counts', () => {
  expect(google.probe?.(deploymentOf('claude-sonnet-4-5'))).toBeUndefined();
  expect(google.probe?.(deploymentOf('gemini-2.5-pro'))?.url).toMatch(/:countTokens$/);
});

const asked = { model: 'm', messages: [{ role: 'user', content: 'Wie warm ist es in Zürich?' }] };
const streamed = { ...asked, stream: true, stream_options: { include_usage: true } };

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

function sse(...events: readonly object[]): Recording {
  const lines = events.map((event) => `${'type' in event ? `event: ${String(event.type)}\n` : ''}data: ${JSON.stringify(event)}\n\n`);
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: Buffer.from(lines.join('')) };
}

describe('the contract, for Claude', () => {
  const fixtures = [
    {
      name: 'a whole answer',
      operation: 'chat' as const,
      request: asked,
      answer: json({
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        content: [{ type: 'text', text: '21 °C' }],
        stop_reason: 'end_turn',
        usage: { input_tokens: 3, output_tokens: 2 },
      }),
      expected: { text: '21 °C', finish: 'stop', inputTokens: 3, outputTokens: 2 },
    },
    {
      name: 'a stream',
      operation: 'chat' as const,
      request: streamed,
      answer: sse(
        { type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], usage: { input_tokens: 3, output_tokens: 1 } } },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '21 °C' } },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
        { type: 'message_stop' },
      ),
      expected: { text: '21 °C', finish: 'stop', inputTokens: 3, outputTokens: 2 },
    },
  ];
  for (const { name, run } of providerContract({ provider: vertex({ env: {} }), fixtures, deployment: { model: 'claude-sonnet-4-5' } })) test(name, run);
});

describe('the contract, for Llama', () => {
  const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
  const chunk = (delta: object, finish: string | null = null): object => ({
    id: 'c',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const stream = sse(chunk({ role: 'assistant', content: '21 ' }), chunk({ content: '°C' }, 'stop'), { ...chunk({}), choices: [], usage });
  const fixtures = [
    {
      name: 'a whole answer',
      operation: 'chat' as const,
      request: asked,
      answer: json({
        id: 'c',
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: '21 °C' }, finish_reason: 'stop' }],
        usage,
      }),
      expected: { text: '21 °C', finish: 'stop', inputTokens: 3, outputTokens: 2 },
    },
    {
      name: 'a stream',
      operation: 'chat' as const,
      request: streamed,
      answer: { ...stream, body: Buffer.concat([stream.body, Buffer.from('data: [DONE]\n\n')]) },
      expected: { text: '21 °C', finish: 'stop', inputTokens: 3, outputTokens: 2 },
    },
  ];
  for (const { name, run } of providerContract({ provider: vertex({ env: {} }), fixtures, deployment: { model: 'meta/llama-3.3-70b-instruct-maas' } }))
    test(name, run);
});
