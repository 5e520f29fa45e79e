import { type Deployment, GatewayError, type ProviderCall, secret } from '@sluice/core';
import { expect, test } from 'vitest';
import { gemini } from './gemini.ts';
import { provider } from '../provider-package.ts';

const deployment: Deployment = { id: 'd', provider: 'gemini', model: 'gemini-2.5-flash', apiKey: secret('k') };
const google = gemini({ env: {} });

function call(more: Partial<Deployment> = {}, request = {}, operation: 'chat' | 'embeddings' = 'chat'): ProviderCall {
  return { operation, request: { model: 'm', messages: [{ role: 'user', content: 'x' }], ...request }, deployment: { ...deployment, ...more } };
}

test.each<[Partial<Deployment>, object, string]>([
  [{}, {}, 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent'],
  [{}, { stream: true }, 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse'],
  [{ model: 'tunedModels/mine' }, {}, 'https://generativelanguage.googleapis.com/v1beta/tunedModels/mine:generateContent'],
  [{ model: '../files?key=1#' }, {}, 'https://generativelanguage.googleapis.com/v1beta/models/..%2Ffiles%3Fkey%3D1%23:generateContent'],
  [{ baseUrl: 'http://127.0.0.1:8080/' }, {}, 'http://127.0.0.1:8080/v1beta/models/gemini-2.5-flash:generateContent'],
  [{ baseUrl: 'http://127.0.0.1:8080/v1' }, {}, 'http://127.0.0.1:8080/v1/models/gemini-2.5-flash:generateContent'],
])('a deployment %j is called at its address', (more, request, url) => {
  expect(google.operations.chat?.toRequest(call(more, request))).toMatchObject({ url, headers: { 'x-goog-api-key': 'k', 'content-type': 'application/json' } });
});

test('the key is of the deployment, the options or the environment, in this order, and its absence is told', () => {
  const { apiKey: _, ...bare } = deployment;
  const keyOf = (options: object, given: Deployment): string | undefined =>
    gemini(options).operations.chat?.toRequest({ ...call(), deployment: given }).headers['x-goog-api-key'];
  const env = { GOOGLE_API_KEY: 'g', GEMINI_API_KEY: 'e' };
  expect([
    keyOf({ apiKey: 'o', env }, deployment),
    keyOf({ apiKey: 'o', env }, bare),
    keyOf({ env }, bare),
    keyOf({ env: { GOOGLE_API_KEY: 'g' } }, bare),
  ]).toEqual(['k', 'o', 'e', 'g']);
  expect(google.problemsOf?.(bare)).toEqual(["'gemini' needs a key: set apiKey (api_key), or GEMINI_API_KEY in the environment."]);
  expect(google.problemsOf?.({ ...deployment, baseUrl: 'example.com' })).toEqual(["'example.com' is not an http(s) URL."]);
});

test('every input is embedded, by what it is for', () => {
  const request = { input: ['a', 'b'], dimensions: 8, encoding_format: 'float', task_type: 'RETRIEVAL_QUERY', messages: undefined };
  const { url, body } = google.operations.embeddings?.toRequest(call({ model: 'gemini-embedding-001' }, request, 'embeddings')) ?? {};
  const one = (text: string): object => ({
    model: 'models/gemini-embedding-001',
    content: { parts: [{ text }] },
    outputDimensionality: 8,
    taskType: 'RETRIEVAL_QUERY',
  });
  expect(url).toMatch(/models\/gemini-embedding-001:batchEmbedContents$/);
  expect(JSON.parse(String(body))).toEqual({ requests: [one('a'), one('b')] });
});

test('tokens in place of texts are refused, also where parameters may be dropped', () => {
  const asked = call({ parameterRules: { dropUnsupported: true } }, { input: [1, 2], messages: undefined }, 'embeddings');
  try {
    google.operations.embeddings?.toRequest(asked);
    expect.unreachable();
  } catch (error) {
    expect(GatewayError.from(error)).toMatchObject({ code: 'unsupported_parameter', param: 'input' });
  }
});

test('is found by its key, and answers to two names', () => {
  expect(provider.discover({})).toEqual([]);
  expect(provider.discover({ GOOGLE_API_KEY: 'g' })).toMatchObject([{ provider: { name: 'gemini' }, models: ['gemini-*'] }]);
  expect(provider.providers.map(({ name }) => name).slice(0, 2)).toEqual(['gemini', 'google']);
});
