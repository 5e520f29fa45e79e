import { type Deployment, type JsonObject, type Operation, secret, type WireRequest } from '@sluice/core';
import { providerContract, type ProviderFixture, type Recording } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { cloudflare } from './cloudflare.ts';
import { provider } from './provider-package.ts';
import { toError } from './to-error.ts';

const deployment: Deployment = { id: 'd', provider: 'cloudflare', model: '@cf/baai/bge-reranker-base', apiKey: secret('k'), options: { account_id: 'acc' } };
const own = cloudflare({ env: {} });

function wireOf(operation: Operation, request: JsonObject, more: Partial<Deployment> = {}): WireRequest {
  const mapping = own.operations[operation];
  if (!mapping) throw new Error(`It has no ${operation}`);
  return mapping.toRequest({ operation, request: { model: 'm', ...request }, deployment: { ...deployment, ...more } });
}

const bodyOf = ({ body }: WireRequest): unknown => JSON.parse(String(body));
const AI = 'https://api.cloudflare.com/client/v4/accounts/acc/ai';

describe('a call goes', () => {
  test.each<[Operation, JsonObject, string]>([
    ['chat', { messages: [] }, `${AI}/v1/chat/completions`],
    ['embeddings', { input: 'x' }, `${AI}/v1/embeddings`],
    ['responses', { input: 'x' }, `${AI}/v1/responses`],
    ['rerank', { query: 'x', documents: ['y'] }, `${AI}/run/@cf/baai/bge-reranker-base`],
    ['images.generate', { prompt: 'x' }, `${AI}/run/@cf/baai/bge-reranker-base`],
  ])('in the form that it has: %s', (operation, request, url) => {
    expect(wireOf(operation, request)).toMatchObject({ url, headers: { authorization: 'Bearer k' } });
  });

  test('to another address', () => {
    expect(wireOf('rerank', { query: 'x', documents: ['y'] }, { baseUrl: 'http://127.0.0.1:9/ai/v1/' }).url).toBe(
      'http://127.0.0.1:9/ai/run/@cf/baai/bge-reranker-base',
    );
    expect(own.probe?.(deployment)).toMatchObject({ url: `${AI}/models/search?per_page=1`, method: 'GET' });
  });
});

test('pictures and orders are asked for in the words of the models', () => {
  const request = { prompt: 'x', n: 1, size: '512x768', seed: 7, num_steps: 5, response_format: 'b64_json' };
  expect(bodyOf(wireOf('images.generate', request))).toEqual({ prompt: 'x', width: 512, height: 768, seed: 7, num_steps: 5 });
  expect(bodyOf(wireOf('rerank', { query: 'q', documents: ['a', { text: 'b' }], top_n: 1 }))).toEqual({
    query: 'q',
    contexts: [{ text: 'a' }, { text: 'b' }],
    top_k: 1,
  });
});

test.each<[Operation, JsonObject, string]>([
  ['images.generate', { prompt: 'x', n: 2 }, 'n'],
  ['images.generate', { prompt: 'x', size: 'large' }, 'size'],
  ['images.generate', { prompt: 'x', response_format: 'url' }, 'response_format'],
  ['rerank', { query: 'q', documents: [{ title: 'b' }] }, 'documents[0]'],
])('is refused (%s of %o)', (operation, request, param) => {
  expect(() => wireOf(operation, request)).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param }));
});

test.each([
  [400, 'AiError: The estimated number of tokens exceeded this model context window limit (4096)', 'context_length_exceeded', false],
  [400, 'AiError: Input prompt contains NSFW content', 'content_policy_violation', false],
  [404, 'No such model @cf/x/y or task', 'upstream_not_found', false],
  [429, 'Capacity temporarily exceeded, please try again.', 'upstream_rate_limited', true],
  [401, 'Authentication error', 'upstream_authentication', false],
])('an error %i %s is %s', (status, message, code, retryable) => {
  const body = JSON.stringify({ result: null, success: false, errors: [{ code: 5007, message }], messages: [] });
  expect(toError({ status, headers: {}, body })).toMatchObject({ code, message, retryable });
});

test('is found by its key and its account', () => {
  expect(provider.discover({ CLOUDFLARE_API_TOKEN: 'k' })).toEqual([]);
  expect(provider.discover({ CLOUDFLARE_API_TOKEN: 'k', CLOUDFLARE_ACCOUNT_ID: 'acc' })).toMatchObject([
    { provider: { name: 'cloudflare' }, models: ['@cf/*'] },
  ]);
});

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

const wrapped = (result: object): Recording => json({ result, success: true, errors: [], messages: [] });
const chat = { model: 'm', messages: [{ role: 'user', content: 'How "warm"?' }] };
const chunk = (delta: object, finish: string | null = null): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

const fixtures: readonly ProviderFixture[] = [
  {
    name: 'a chat',
    operation: 'chat',
    request: chat,
    answer: json({ choices: [{ index: 0, message: { role: 'assistant', content: 'Läuft' }, finish_reason: 'stop' }], usage }),
    expected: { text: 'Läuft', finish: 'stop', inputTokens: 3, outputTokens: 2 },
  },
  {
    name: 'a stream',
    operation: 'chat',
    request: { ...chat, stream: true },
    answer: {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: Buffer.from(
        `${chunk({ content: 'Läuft' })}${chunk({ content: ' 😀' })}${chunk({}, 'stop')}data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`,
      ),
    },
    expected: { text: 'Läuft 😀', finish: 'stop', usage: { inputTokens: 3, outputTokens: 2 } },
  },
  {
    name: 'a picture in JSON',
    operation: 'images.generate',
    request: { model: 'm', prompt: 'A llama' },
    answer: wrapped({ image: '/9j/' }),
    expected: { fields: { data: [{ b64_json: '/9j/' }] }, usage: { images: 1 } },
  },
  {
    name: 'a bare picture',
    operation: 'images.generate',
    request: { model: 'm', prompt: 'A llama' },
    answer: { status: 200, headers: { 'content-type': 'image/png' }, body: Buffer.from([0x89, 0x50, 0x4e, 0x47]) },
    expected: { fields: { data: [{ b64_json: 'iVBORw==' }] }, usage: { images: 1 } },
  },
  {
    name: 'an order',
    operation: 'rerank',
    request: { model: 'm', query: 'Is it "warm"?', documents: ['snow', 'sun'], return_documents: true },
    answer: wrapped({
      response: [
        { id: 0, score: 0.1 },
        { id: 1, score: 0.9 },
      ],
    }),
    expected: {
      fields: {
        results: [
          { index: 1, relevance_score: 0.9, document: { text: 'sun' } },
          { index: 0, relevance_score: 0.1, document: { text: 'snow' } },
        ],
      },
    },
  },
  {
    name: 'a refused key',
    operation: 'rerank',
    request: { model: 'm', query: 'x', documents: ['y'] },
    answer: json({ success: false, errors: [{ code: 10000, message: 'Authentication error: sk-contract-0123456789abcdef' }], result: null }, 401),
    expected: { error: { status: 401, message: /redacted/ } },
  },
];

for (const { name, run } of providerContract({ provider: own, fixtures, deployment: { options: { account_id: 'acc' } } })) test(name, run);
