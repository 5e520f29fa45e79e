import { type Deployment, type GatewayError, type JsonObject, type Operation, type ProviderCall, secret, type WireRequest } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { huggingface, type HuggingFaceOptions } from './huggingface.ts';
import { provider } from './provider-package.ts';
import { toError } from './to-error.ts';

const deployment: Deployment = { id: 'd', provider: 'huggingface', model: 'org/name', apiKey: secret('hf_k') };
const messages = [{ role: 'user', content: 'x' }];

function wireOf(operation: Operation, request: JsonObject, more: Partial<Deployment> = {}, options: HuggingFaceOptions = {}): WireRequest {
  const own = huggingface({ env: {}, ...options });
  const at = { ...deployment, ...more };
  const call: ProviderCall = { operation, request: { model: 'm', ...request }, deployment: at };
  const mapping = own.operationsOf?.(at)[operation];
  if (!mapping) throw new Error(`It has no ${operation} there`);
  return mapping.toRequest(call);
}

const bodyOf = ({ body }: WireRequest): JsonObject => JSON.parse(Buffer.from(body as Uint8Array).toString()) as JsonObject;
const HUB = 'https://router.huggingface.co/hf-inference/models/org/name';
const ENDPOINT = 'https://own.endpoints.huggingface.cloud';

describe('a call goes', () => {
  test.each<[Operation, JsonObject, string]>([
    ['chat', { messages }, 'https://router.huggingface.co/v1/chat/completions'],
    ['completions', { prompt: 'x' }, `${HUB}/v1/completions`],
    ['embeddings', { input: 'x' }, `${HUB}/pipeline/feature-extraction`],
    ['rerank', { query: 'x', documents: ['y'] }, `${HUB}/pipeline/sentence-similarity`],
    ['images.generate', { prompt: 'x' }, HUB],
  ])('through the router: %s', (operation, request, url) => {
    expect(wireOf(operation, request)).toMatchObject({ url, headers: { authorization: 'Bearer hf_k' } });
    expect(wireOf(operation, request, { baseUrl: 'https://router.huggingface.co/v1/' }).url).toBe(url);
  });

  test.each<[Operation, JsonObject, string]>([
    ['chat', { messages }, `${ENDPOINT}/v1/chat/completions`],
    ['completions', { prompt: 'x' }, `${ENDPOINT}/generate`],
    ['completions', { prompt: 'x', stream: true }, `${ENDPOINT}/generate_stream`],
    ['embeddings', { input: 'x' }, ENDPOINT],
    ['images.generate', { prompt: 'x' }, ENDPOINT],
  ])('to an endpoint of one’s own: %s', (operation, request, url) => {
    expect(wireOf(operation, request, { baseUrl: `${ENDPOINT}/` }).url).toBe(url);
    expect(wireOf(operation, request, {}, { baseUrl: ENDPOINT }).url).toBe(url);
    expect(wireOf(operation, request, {}, { env: { HUGGINGFACE_API_BASE: ENDPOINT } }).url).toBe(url);
  });

  test.each<[Operation, JsonObject, string]>([
    ['chat', { messages }, `${ENDPOINT}/v1/chat/completions`],
    ['completions', { prompt: 'x' }, `${ENDPOINT}/v1/completions`],
    ['embeddings', { input: 'x' }, `${ENDPOINT}/v1/embeddings`],
  ])('in OpenAI’s form where the address says so: %s', (operation, request, url) => {
    expect(wireOf(operation, request, { baseUrl: `${ENDPOINT}/v1` }).url).toBe(url);
  });

  test('on the bill of an organization', () => {
    expect(wireOf('chat', { messages }, {}, { billTo: 'acme' }).headers).toMatchObject({ 'x-hf-bill-to': 'acme' });
  });
});

describe('a model', () => {
  test.each([
    ['org/name', 'org/name'],
    ['org/name:fastest', 'org/name:fastest'],
    ['together/org/name', 'org/name:together'],
  ])('%s is %s to the router', (model, name) => {
    expect(bodyOf(wireOf('chat', { messages }, { model })).model).toBe(name);
  });

  test.each(['org/name:hf-inference', 'hf-inference/org/name'])('%s is found among the pipelines', (model) => {
    expect(wireOf('embeddings', { input: 'x' }, { model }).url).toBe(`${HUB}/pipeline/feature-extraction`);
    expect(bodyOf(wireOf('completions', { prompt: 'x' }, { model })).model).toBe('org/name');
  });

  test('of another provider is only chatted with', () => {
    expect(() => wireOf('embeddings', { input: 'x' }, { model: 'org/name:together' })).toThrow(
      expect.objectContaining({ code: 'unsupported_operation', message: expect.stringContaining("'together'") as string }),
    );
  });
});

describe('a request', () => {
  test('for vectors keeps the fields that the pipeline has', () => {
    expect(bodyOf(wireOf('embeddings', { input: ['a'], normalize: true, dimensions: 64, encoding_format: 'base64', user: 'u' }))).toEqual({
      inputs: ['a'],
      normalize: true,
      dimensions: 64,
    });
  });

  test('for a picture has its sides', () => {
    const request = { prompt: 'x', n: 1, size: '512x768', response_format: 'b64_json', seed: 7, negative_prompt: 'y' };
    expect(bodyOf(wireOf('images.generate', request))).toEqual({ inputs: 'x', parameters: { width: 512, height: 768, seed: 7, negative_prompt: 'y' } });
  });

  test.each<[Operation, JsonObject, string]>([
    ['embeddings', { input: [1, 2] }, 'input'],
    ['embeddings', { input: 'a', input_type: 'query' }, 'input_type'],
    ['images.generate', { prompt: 'x', n: 2 }, 'n'],
    ['images.generate', { prompt: 'x', response_format: 'url' }, 'response_format'],
    ['images.generate', { prompt: 'x', size: 'large' }, 'size'],
    ['rerank', { query: 'x', documents: [{ title: 'y' }] }, 'documents[0]'],
  ])('is refused (%s of %o)', (operation, request, param) => {
    expect(() => wireOf(operation, request)).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param }));
  });
});

describe('an answer', () => {
  const { embeddings, rerank, 'images.generate': images } = huggingface({ env: {} }).operations;
  const callOf = (operation: Operation, request: JsonObject): ProviderCall => ({ operation, request: { model: 'm', ...request }, deployment });

  test('is one vector, a list of them, or refused where it has one for each token', () => {
    const call = callOf('embeddings', { input: 'x' });
    expect(embeddings?.toReply?.([1, 2], call)).toMatchObject({ data: [{ index: 0, embedding: [1, 2] }] });
    expect(embeddings?.toReply?.([[1], [2]], call)).toMatchObject({ data: [{ embedding: [1] }, { index: 1, embedding: [2] }] });
    expect(() => embeddings?.toReply?.([[[1], [2]]], call)).toThrow(/a vector for each token/);
  });

  test('orders documents, the best first', () => {
    const reply = rerank?.toReply?.([0.1, 0.7, 0.4], callOf('rerank', { query: 'x', documents: ['a', { text: 'b' }, 'c'], top_n: 2, return_documents: true }));
    expect(reply).toEqual({
      results: [
        { index: 1, relevance_score: 0.7, document: { text: 'b' } },
        { index: 2, relevance_score: 0.4, document: { text: 'c' } },
      ],
    });
  });

  test('that is no picture is none', () => {
    const page = { contentType: 'text/html', bytes: Buffer.from('<html>') };
    expect(() => images?.fromBytes?.(page, callOf('images.generate', { prompt: 'x' }))).toThrow(/no picture, but 'text\/html'/);
  });
});

describe('an error', () => {
  const read = (status: number, body: object): GatewayError => toError({ status, headers: {}, body: JSON.stringify(body) });

  test('of a model that is loading says when to come back', () => {
    expect(read(503, { error: 'Loading', estimated_time: 20.2 })).toMatchObject({ code: 'upstream_overloaded', retryAfterMs: 21_000, retryable: true });
  });

  test.each([
    [502, { error: 'x', error_type: 'overloaded' }, 'upstream_rate_limited', true],
    [424, { error: 'x', error_type: 'generation' }, 'upstream_error', true],
    [422, { error: '`inputs` must have less than 9 tokens. Given: 10', error_type: 'validation' }, 'context_length_exceeded', false],
    [422, { error: '`inputs` tokens + `max_new_tokens` must be <= 9', error_type: 'validation' }, 'context_length_exceeded', false],
    [402, { error: 'Credits' }, 'upstream_permission', false],
    [500, { error: 'x' }, 'upstream_error', true],
  ])('%i %o is %s', (status, body, code, retryable) => {
    expect(read(status, body)).toMatchObject({ code, retryable });
  });
});

test('is found by its key, with the address of an endpoint', () => {
  expect(provider.discover({})).toEqual([]);
  expect(provider.discover({ HF_TOKEN: 'k', HUGGINGFACE_API_BASE: ENDPOINT })).toMatchObject([
    { provider: { name: 'huggingface' }, deployment: { baseUrl: ENDPOINT } },
  ]);
  expect(provider.providers.map(({ name }) => name)).toEqual(['huggingface', 'hf']);
});

test('a probe asks the router for a list, and an endpoint how it is', () => {
  const { probe } = huggingface({ env: {} });
  expect(probe?.(deployment)).toMatchObject({ url: 'https://router.huggingface.co/v1/models', method: 'GET' });
  expect(probe?.({ ...deployment, baseUrl: ENDPOINT })).toMatchObject({ url: `${ENDPOINT}/health` });
  expect(probe?.({ ...deployment, baseUrl: `${ENDPOINT}/v1` })).toMatchObject({ url: `${ENDPOINT}/v1/models` });
});

test('the router needs a key, and an endpoint may be open', () => {
  const { problemsOf } = huggingface({ env: {} });
  const { apiKey: _, ...open } = deployment;
  expect(problemsOf?.(open)).toEqual([expect.stringContaining('HUGGINGFACE_API_KEY')]);
  expect(problemsOf?.({ ...open, baseUrl: ENDPOINT })).toEqual([]);
});
