import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Deployment, GatewayError, type ProviderCall, secret, type WireRequest } from '@sluice/core';
import { expect, test } from 'vitest';
import { provider } from '../provider-package.ts';
import { vertex, type VertexOptions } from './vertex.ts';

const TOKEN = 'ya29.token';
const deployment: Deployment = { id: 'd', provider: 'vertex_ai', model: 'gemini-2.5-flash' };
const base: VertexOptions = { env: {}, project: 'p', location: 'europe-west4', credentials: TOKEN };

type Asked = { readonly options?: VertexOptions; readonly deployment?: Partial<Deployment>; readonly request?: object };

function callOf({ deployment: more = {}, request = {} }: Asked, operation: 'chat' | 'embeddings' = 'chat'): ProviderCall {
  return { operation, request: { model: 'm', messages: [{ role: 'user', content: 'x' }], ...request }, deployment: { ...deployment, ...more } };
}

function wireOf(asked: Asked): WireRequest | undefined {
  return vertex({ ...base, ...asked.options }).operations.chat?.toRequest(callOf(asked));
}

const PLACE = 'https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4';
const MODEL = 'publishers/google/models/gemini-2.5-flash';

test.each<[string, Asked, string]>([
  ['a region', {}, `${PLACE}/${MODEL}:generateContent`],
  ['a stream', { request: { stream: true } }, `${PLACE}/${MODEL}:streamGenerateContent?alt=sse`],
  ['the global location', { options: { location: 'global' } }, `https://aiplatform.googleapis.com/v1/projects/p/locations/global/${MODEL}:generateContent`],
  ['several regions', { options: { location: 'eu' } }, `https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/${MODEL}:generateContent`],
  [
    'a deployment of its own',
    { deployment: { options: { vertex_project: 'q', vertex_location: 'us-east1' } } },
    `https://us-east1-aiplatform.googleapis.com/v1/projects/q/locations/us-east1/${MODEL}:generateContent`,
  ],
  [
    'no location, and a project from the environment',
    { options: { location: undefined, project: undefined, env: { GOOGLE_CLOUD_PROJECT: 'e' } } },
    `https://aiplatform.googleapis.com/v1/projects/e/locations/global/${MODEL}:generateContent`,
  ],
  [
    'a key, which needs no project',
    { options: { credentials: 'AIzaKey', project: undefined } },
    `https://aiplatform.googleapis.com/v1/${MODEL}:generateContent`,
  ],
  ['the beta version', { options: { version: 'v1beta1' } }, `${PLACE.replace('/v1/', '/v1beta1/')}/${MODEL}:generateContent`],
  ['another host', { options: { baseUrl: 'http://127.0.0.1:80/' } }, `http://127.0.0.1:80/v1/projects/p/locations/europe-west4/${MODEL}:generateContent`],
  ['a tuned model', { deployment: { model: '1234567890' } }, `${PLACE}/endpoints/1234567890:generateContent`],
  ["a tuned model in LiteLLM's words", { deployment: { model: 'gemini/1234567890' } }, `${PLACE}/endpoints/1234567890:generateContent`],
  ['another publisher', { deployment: { model: 'publishers/acme/models/m@001' } }, `${PLACE}/publishers/acme/models/m@001:generateContent`],
  [
    'a name that wants to leave its place',
    { deployment: { model: '../../q/models/x:predict?key=1#' } },
    `${PLACE}/publishers/google/models/..%2F..%2Fq%2Fmodels%2Fx%3Apredict%3Fkey%3D1%23:generateContent`,
  ],
])('%s is called at its address', (_, asked, url) => {
  expect(wireOf(asked)?.url).toBe(url);
});

test('a token and a key go into headers', () => {
  expect(wireOf({})?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'accept-encoding': 'identity' });
  expect(wireOf({ options: { credentials: 'Bearer abc' } })?.headers).toMatchObject({ authorization: 'Bearer abc' });
  expect(wireOf({ options: { credentials: 'AIzaKey' } })?.headers).toMatchObject({ 'x-goog-api-key': 'AIzaKey' });
  expect(wireOf({ deployment: { apiKey: secret('AQ.other') } })?.headers).toMatchObject({ 'x-goog-api-key': 'AQ.other' });
});

test('a token that has to be fetched is added when the request is ready', async () => {
  let count = 0;
  const google = vertex({
    ...base,
    credentials: () => {
      count += 1;
      return Promise.resolve(`t${count}`);
    },
  });
  const wire = google.operations.chat?.toRequest(callOf({})) as WireRequest;
  expect(wire.headers.authorization).toBeUndefined();
  expect((await google.sign?.(wire, deployment))?.headers).toMatchObject({ authorization: 'Bearer t1', 'content-type': 'application/json' });
  expect((await google.sign?.(wire, deployment))?.headers).toMatchObject({ authorization: 'Bearer t2' });
  const still = vertex(base);
  expect(await still.sign?.(wire, deployment)).toBe(wire);
});

test('calls and results of functions go without ids', () => {
  const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
  const messages = [
    { role: 'user', content: 'x' },
    { role: 'assistant', tool_calls: [call] },
    { role: 'tool', tool_call_id: 'call_1', content: 'y' },
  ];
  const { contents } = JSON.parse(String(wireOf({ request: { messages } })?.body)) as { contents: object[] };
  expect(contents.slice(1)).toEqual([
    { role: 'model', parts: [{ functionCall: { name: 'f', args: { a: 1 } } }] },
    { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 'y' } } }] },
  ]);
});

const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const account = { type: 'service_account', project_id: 'own', client_email: 'a@own', private_key: privateKey };
writeFileSync(join(folder, 'account.json'), JSON.stringify(account));
writeFileSync(join(folder, 'broken.json'), '{"private_key":"hidden"');

test.each<[string, VertexOptions, RegExp[]]>([
  ['nothing wrong', {}, []],
  ['a file', { credentials: join(folder, 'account.json'), project: undefined }, []],
  ['an object', { credentials: account, project: undefined }, []],
  ['no project', { project: undefined }, [/^'vertex_ai' needs a project: set project \(vertex_project\), or VERTEXAI_PROJECT/]],
  ['a file that is not there', { credentials: join(folder, 'none.json') }, [/none\.json cannot be read: ENOENT\.$/]],
  ['a file that is no JSON', { credentials: join(folder, 'broken.json') }, [/broken\.json are not a JSON object\.$/]],
  ['an account without its key', { credentials: { ...account, private_key: '' } }, [/^The credentials are without private_key\.$/]],
  ['a key whose line breaks are lost', { credentials: { ...account, private_key: privateKey.replaceAll('\n', ' ') } }, [/with a private_key that is none/]],
  ['credentials of another kind', { credentials: '{"type":"toString"}' }, [/of a type that is not known; it is one of service_account, /]],
  ['a location that is none', { location: 'Europe/x' }, [/^'Europe\/x' is not a location's name/]],
  ['a project that is none', { project: 'p/q' }, [/^'p\/q' is not a project's name/]],
  ['an address that is none', { baseUrl: 'example.com' }, [/^'example.com' is not an http/]],
])('%s is told at start-up', (_, options, problems) => {
  const told = vertex({ ...base, ...options }).problemsOf?.(deployment) ?? [];
  expect(told).toHaveLength(problems.length);
  for (const [index, problem] of problems.entries()) expect(told[index]).toMatch(problem);
  expect(told.join()).not.toMatch(/hidden/);
});

function embeddingsOf(model: string, request: object): { readonly url: string; readonly body: unknown } {
  const { url = '', body } =
    vertex(base).operations.embeddings?.toRequest(callOf({ deployment: { model }, request: { messages: undefined, ...request } }, 'embeddings')) ?? {};
  return { url: url.replace(PLACE, ''), body: JSON.parse(String(body)) };
}

test('texts are embedded by prediction, or one by one where the model is new', () => {
  const asked = { input: ['a', 'b'], dimensions: 8, task_type: 'RETRIEVAL_QUERY' };
  expect(embeddingsOf('text-embedding-005', asked)).toEqual({
    url: '/publishers/google/models/text-embedding-005:predict',
    body: {
      instances: [
        { content: 'a', task_type: 'RETRIEVAL_QUERY' },
        { content: 'b', task_type: 'RETRIEVAL_QUERY' },
      ],
      parameters: { outputDimensionality: 8 },
    },
  });
  expect(embeddingsOf('gemini-embedding-2', { ...asked, input: 'a' })).toEqual({
    url: '/publishers/google/models/gemini-embedding-2:embedContent',
    body: { content: { parts: [{ text: 'a' }] }, embedContentConfig: { outputDimensionality: 8, taskType: 'RETRIEVAL_QUERY' } },
  });
  expect(() => embeddingsOf('gemini-embedding-2', asked)).toThrow(GatewayError);
});

test('is found where the environment means it, and not by a project alone', () => {
  const found = (env: Record<string, string>): readonly string[] => provider.discover(env).map(({ provider: { name } }) => name);
  expect(found({ GOOGLE_CLOUD_PROJECT: 'p' })).toEqual([]);
  expect(found({ GOOGLE_APPLICATION_CREDENTIALS: '/a.json' })).toEqual([]);
  expect(found({ GOOGLE_CLOUD_PROJECT: 'p', GOOGLE_APPLICATION_CREDENTIALS: '/a.json' })).toEqual(['vertex_ai']);
  expect(found({ VERTEXAI_PROJECT: 'p', GEMINI_API_KEY: 'k' })).toEqual(['gemini', 'vertex_ai']);
  expect(found({ GOOGLE_GENAI_USE_VERTEXAI: 'true', GOOGLE_API_KEY: 'k' })).toEqual(['vertex_ai']);
  expect(provider.providers.map(({ name }) => name)).toEqual(['gemini', 'google', 'vertex_ai', 'vertex_ai_beta']);
});
