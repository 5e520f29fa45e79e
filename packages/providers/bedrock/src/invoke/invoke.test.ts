import { type Deployment, GatewayError, type JsonObject, type ModelRequest, type Operation, type ProviderCall, secret } from '@sluice/core';
import { ask } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { bedrock } from '../bedrock.ts';
import { json } from '../frames.test.support.ts';

const provider = bedrock({ region: 'us-east-1', env: {} });

function callOf(operation: Operation, model: string, request: object, more: Partial<Deployment> = {}): ProviderCall {
  return { operation, request: { model: 'm', ...request }, deployment: { id: 'd', provider: 'bedrock', model, apiKey: secret('k'), ...more } };
}

function sent(operation: Operation, model: string, request: object, more?: Partial<Deployment>): JsonObject {
  const { url, body } = provider.operations[operation]?.toRequest(callOf(operation, model, request, more)) ?? {};
  expect(url).toBe(`https://bedrock-runtime.us-east-1.amazonaws.com/model/${encodeURIComponent(model)}/invoke`);
  return JSON.parse(String(body)) as JsonObject;
}

function refused(operation: Operation, model: string, request: object): string | undefined {
  try {
    sent(operation, model, request);
  } catch (error) {
    if (GatewayError.is(error) && error.code === 'unsupported_parameter') return error.param;
  }
  throw new Error('It was not refused');
}

async function answered(operation: Operation, model: string, answer: object, request: ModelRequest): Promise<{ status: number; body: JsonObject }> {
  const { status, text } = await ask({ provider, operation, deployment: { model }, request, recording: json(answer) });
  return { status, body: JSON.parse(text) as JsonObject };
}

describe('vectors', () => {
  const TITAN = 'amazon.titan-embed-text-v2:0';
  const COHERE = 'cohere.embed-v4:0';

  test('are asked of each maker in its words', () => {
    expect(sent('embeddings', TITAN, { input: 'a', dimensions: 256, normalize: true, encoding_format: 'float' })).toEqual({
      inputText: 'a',
      dimensions: 256,
      normalize: true,
    });
    expect(sent('embeddings', 'amazon.titan-embed-text-v1', { input: ['a'] })).toEqual({ inputText: 'a' });
    expect(sent('embeddings', 'amazon.titan-embed-image-v1', { input: 'a', dimensions: 384 })).toEqual({
      inputText: 'a',
      embeddingConfig: { outputEmbeddingLength: 384 },
    });
    expect(sent('embeddings', COHERE, { input: ['a', 'b'] })).toEqual({ texts: ['a', 'b'], input_type: 'search_document' });
    expect(sent('embeddings', COHERE, { input: 'a', input_type: 'search_query', truncate: 'NONE', dimensions: 512 })).toEqual({
      ...{ texts: ['a'], input_type: 'search_query', truncate: 'NONE', output_dimension: 512 },
      embedding_types: ['float'],
    });
  });

  test('are refused where they cannot be had', () => {
    expect(refused('embeddings', TITAN, { input: ['a', 'b'] })).toBe('input');
    expect(refused('embeddings', TITAN, { input: [1, 2] })).toBe('input');
    expect(refused('embeddings', TITAN, { input: 'a', input_type: 'search_query' })).toBe('input_type');
  });

  test.each([
    [TITAN, { embedding: [1, -0.5], inputTextTokenCount: 3 }, 3],
    [COHERE, { embeddings: { float: [[1, -0.5]] } }, undefined],
    ['cohere.embed-english-v3', { embeddings: [[1, -0.5]] }, undefined],
  ])('come from %s in OpenAI’s form', async (model, answer, tokens) => {
    const { body } = await answered('embeddings', model, answer, { model: 'm', input: 'x' });
    expect(body.data).toEqual([{ object: 'embedding', index: 0, embedding: [1, -0.5] }]);
    expect((body.usage as JsonObject | undefined)?.prompt_tokens).toBe(tokens);
    const packed = await answered('embeddings', model, answer, { model: 'm', input: 'x', encoding_format: 'base64' });
    expect(packed.body.data).toMatchObject([{ embedding: 'AACAPwAAAL8=' }]);
  });
});

describe('pictures', () => {
  const NOVA = 'amazon.nova-canvas-v1:0';
  const STABLE = 'stability.stable-image-ultra-v1:1';

  test('are asked of each maker in its words', () => {
    expect(sent('images.generate', NOVA, { prompt: 'A cat', n: 2, size: '1280x720', quality: 'hd', seed: 7, response_format: 'b64_json' })).toEqual({
      taskType: 'TEXT_IMAGE',
      textToImageParams: { text: 'A cat' },
      imageGenerationConfig: { numberOfImages: 2, width: 1280, height: 720, quality: 'premium', seed: 7 },
    });
    expect(sent('images.generate', STABLE, { prompt: 'A cat', size: '1024x1536', output_format: 'png' })).toEqual({
      ...{ prompt: 'A cat', mode: 'text-to-image', aspect_ratio: '2:3', output_format: 'png' },
    });
    expect(sent('images.generate', 'stability.stable-diffusion-xl-v1', { prompt: 'A cat', size: '512x512', negative_prompt: 'dogs' })).toEqual({
      text_prompts: [{ text: 'A cat' }, { text: 'dogs', weight: -1 }],
      ...{ width: 512, height: 512 },
    });
  });

  test('are refused where they cannot be had', () => {
    expect(refused('images.generate', NOVA, { prompt: 'x', response_format: 'url' })).toBe('response_format');
    expect(refused('images.generate', NOVA, { prompt: 'x', size: 'huge' })).toBe('size');
    expect(refused('images.generate', NOVA, { prompt: 'x', background: 'transparent' })).toBe('background');
    expect(refused('images.generate', STABLE, { prompt: 'x', n: 2 })).toBe('n');
    expect(refused('images.generate', STABLE, { prompt: 'x', size: '1000x999' })).toBe('size');
  });

  test.each([
    [NOVA, { images: ['QQ==', 'Qg=='] }],
    [STABLE, { images: ['QQ==', 'Qg=='], seeds: [1, 2], finish_reasons: [null, null] }],
    [
      'stability.stable-diffusion-xl-v1',
      {
        artifacts: [
          { base64: 'QQ==', finishReason: 'SUCCESS' },
          { base64: 'Qg==', finishReason: 'SUCCESS' },
        ],
      },
    ],
  ])('come from %s in OpenAI’s form', async (model, answer) => {
    expect((await answered('images.generate', model, answer, { model: 'm', prompt: 'x' })).body.data).toEqual([{ b64_json: 'QQ==' }, { b64_json: 'Qg==' }]);
  });

  test.each([
    [NOVA, { images: [], error: 'This request has been blocked by our content filters.' }],
    [NOVA, { error: 'This request has been blocked by our content filters.' }],
    [STABLE, { images: [], finish_reasons: ['Filter reason: prompt'] }],
    ['stability.stable-diffusion-xl-v1', { artifacts: [{ base64: 'QQ==', finishReason: 'CONTENT_FILTERED' }] }],
  ])('that %s refuses to paint are told as refused', async (model, answer) => {
    const { status, body } = await answered('images.generate', model, answer, { model: 'm', prompt: 'x' });
    expect([status, (body.error as JsonObject).code]).toEqual([400, 'content_policy_violation']);
  });
});

describe('texts', () => {
  const request = { query: 'q', documents: ['a', { text: 'b' }, { title: 'c' }], top_n: 2 };

  test('are ranked by each maker', () => {
    const documents = ['a', 'b', '{"title":"c"}'];
    expect(sent('rerank', 'cohere.rerank-v3-5:0', { ...request, max_tokens_per_doc: 9 })).toEqual({
      query: 'q',
      documents,
      top_n: 2,
      api_version: 2,
      max_tokens_per_doc: 9,
    });
    expect(sent('rerank', 'amazon.rerank-v1:0', request)).toEqual({ query: 'q', documents, top_n: 2 });
  });

  test('come in the order of their rank, with themselves where that was asked for', async () => {
    const results = [{ index: 1, relevance_score: 0.9 }];
    expect((await answered('rerank', 'amazon.rerank-v1:0', { results }, { model: 'm', ...request })).body.results).toEqual(results);
    const shown = await answered('rerank', 'amazon.rerank-v1:0', { results }, { model: 'm', ...request, return_documents: true });
    expect(shown.body.results).toEqual([{ ...results[0], document: { text: 'b' } }]);
  });
});
