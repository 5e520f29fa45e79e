import type { JsonObject, ModelRequest, Operation, Provider } from '@sluice/core';
import { ask, providerContract, type ProviderFixture, type Recording } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { jina } from './jina.ts';
import { provider as discoverable } from './provider-package.ts';
import { textEmbeddingsInference } from './text-embeddings-inference.ts';
import { voyage } from './voyage.ts';

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

const vectors = json({ object: 'list', model: 'x', data: [{ object: 'embedding', index: 0, embedding: [0.5, 1] }], usage: { total_tokens: 3 } });
const question = { model: 'm', query: 'What is "warm"?', documents: ['sun', { text: 'snow' }], top_n: 1, return_documents: true };

async function sentBy(provider: Provider, operation: Operation, request: ModelRequest, answer = vectors): Promise<readonly [string | undefined, JsonObject]> {
  const { sent, status, text } = await ask({ provider, operation, request, recording: answer });
  expect(status, text).toBe(200);
  return [sent?.url, JSON.parse(String(sent?.body)) as JsonObject];
}

describe('Voyage', () => {
  test('takes its own words for dimensions, packing and how many are wanted', async () => {
    const request = { model: 'm', input: ['a'], dimensions: 256, encoding_format: 'float', input_type: 'query', user: 'u' };
    expect(await sentBy(voyage(), 'embeddings', request)).toEqual([
      'https://api.voyageai.com/v1/embeddings',
      { model: 'provider-model', input: ['a'], input_type: 'query', output_dimension: 256 },
    ]);
    expect((await sentBy(voyage(), 'embeddings', { model: 'm', input: 'a', encoding_format: 'base64' }))[1]).toMatchObject({ encoding_format: 'base64' });
    expect(await sentBy(voyage(), 'rerank', question, json({ data: [] }))).toEqual([
      'https://api.voyageai.com/v1/rerank',
      { model: 'provider-model', query: 'What is "warm"?', documents: ['sun', 'snow'], top_k: 1, return_documents: true },
    ]);
  });

  test('orders documents as callers read it, and is paid by the token', async () => {
    const answer = json({ object: 'list', model: 'rerank-2', data: [{ relevance_score: 0.9, index: 1, document: 'snow' }], usage: { total_tokens: 57 } });
    const { text, usage } = await ask({ provider: voyage(), operation: 'rerank', request: question, recording: answer });
    expect(JSON.parse(text)).toMatchObject({ results: [{ index: 1, relevance_score: 0.9, document: { text: 'snow' } }], usage: { total_tokens: 57 } });
    expect(usage).toMatchObject({ inputTokens: 57, outputTokens: 0 });
  });

  test.each<[Operation, ModelRequest, string]>([
    ['embeddings', { model: 'm', input: [1, 2] }, 'input'],
    ['embeddings', { model: 'm', input: 'a', task: 'x' }, 'task'],
    ['rerank', { ...question, documents: [{ title: 'x' }] }, 'documents[0]'],
    ['rerank', { ...question, rank_fields: ['title'] }, 'rank_fields'],
  ])('refuses what it lacks (%s of %o)', async (operation, request, param) => {
    const { status, text } = await ask({ provider: voyage(), operation, request, recording: vectors });
    expect([status, JSON.parse(text)]).toMatchObject([400, { error: { code: 'unsupported_parameter', param } }]);
  });
});

describe('Jina', () => {
  test('is not asked to pack numbers, which callers get packed all the same', async () => {
    const request = { model: 'm', input: ['a'], dimensions: 2, encoding_format: 'base64', task: 'text-matching' };
    expect(await sentBy(jina(), 'embeddings', request)).toEqual([
      'https://api.jina.ai/v1/embeddings',
      { model: 'provider-model', input: ['a'], dimensions: 2, task: 'text-matching' },
    ]);
    const { text } = await ask({ provider: jina(), operation: 'embeddings', request, recording: vectors });
    expect(JSON.parse(text)).toMatchObject({ data: [{ embedding: Buffer.from(new Float32Array([0.5, 1]).buffer).toString('base64') }] });
  });
});

describe('Text Embeddings Inference', () => {
  test('orders all documents, of which callers get as many as they wanted', async () => {
    const answer = json([
      { index: 1, score: 0.9, text: 'snow' },
      { index: 0, score: 0.1, text: 'sun' },
    ]);
    expect(await sentBy(textEmbeddingsInference({ env: {} }), 'rerank', question, answer)).toEqual([
      'http://127.0.0.1:8080/rerank',
      { model: 'provider-model', query: 'What is "warm"?', texts: ['sun', 'snow'], return_text: true },
    ]);
    const { text } = await ask({ provider: textEmbeddingsInference({ env: {} }), operation: 'rerank', request: question, recording: answer });
    expect(JSON.parse(text)).toEqual({ results: [{ index: 1, relevance_score: 0.9, document: { text: 'snow' } }] });
  });

  test('embeds at the path of OpenAI', async () => {
    expect((await sentBy(textEmbeddingsInference({ env: {} }), 'embeddings', { model: 'm', input: 'a' }))[0]).toBe('http://127.0.0.1:8080/v1/embeddings');
  });
});

test('hosts are enabled by their key, servers by their address', () => {
  expect(discoverable.discover({}).map(({ provider }) => provider.name)).toEqual([]);
  const env = { VOYAGE_API_KEY: 'k', JINA_API_KEY: 'k', TEXT_EMBEDDINGS_INFERENCE_API_BASE: 'http://127.0.0.1:8080' };
  expect(discoverable.discover(env).map(({ provider }) => provider.name)).toEqual(['voyage', 'jina_ai', 'text_embeddings_inference']);
});

const fixtures: readonly ProviderFixture[] = [
  { name: 'vectors', operation: 'embeddings', request: { model: 'm', input: 'How "warm"?' }, answer: vectors, expected: {} },
  { name: 'an order', operation: 'rerank', request: question, answer: json({ results: [], data: [] }), expected: {} },
  {
    name: 'a bad request',
    operation: 'embeddings',
    request: { model: 'm', input: 'a' },
    answer: json({ detail: 'Model nonexistent is not supported.' }, 400),
    expected: { error: { status: 400, message: /not supported/ } },
  },
  {
    name: 'a limit',
    operation: 'rerank',
    request: question,
    answer: json({ detail: 'Too fast' }, 429),
    expected: { error: { status: 429, message: /Too fast/ } },
  },
];
for (const make of [voyage, jina]) for (const { name, run } of providerContract({ provider: make(), fixtures })) test(`${make.name}: ${name}`, run);
