import { InferenceClient } from '@huggingface/inference';
import type { JsonObject, ModelRequest, Operation } from '@sluice/core';
import { ask, type Recording } from '@sluice/testing';
import { expect, test } from 'vitest';
import { huggingface } from './huggingface.ts';

// The official client asks the same and reads the same in the same bytes as the mappings do.
const TOKEN = 'hf_0123456789';

/** Clients remember together what a model is for. */
const modelFor = (task: string): string => `org/${task}`;

type Sent = { readonly url: string; readonly body: JsonObject };

/** The official client before one answer, and what it asks for. The hub tells it that the model is served. */
function official(answer: Recording, task: string): { client: InferenceClient; sent: Sent[] } {
  const sent: Sent[] = [];
  const client = new InferenceClient(TOKEN, {
    fetch: (url, init) => {
      const address = url instanceof Request ? url.url : String(url);
      if (address.startsWith('https://huggingface.co/api/'))
        return Promise.resolve(Response.json({ inferenceProviderMapping: { 'hf-inference': { status: 'live', providerId: modelFor(task), task } } }));
      sent.push({ url: address, body: JSON.parse(String(init?.body)) as JsonObject });
      return Promise.resolve(new Response(Buffer.from(answer.body), { status: answer.status, headers: answer.headers }));
    },
  });
  return { client, sent };
}

async function ours(
  operation: Operation,
  request: ModelRequest,
  recording: Recording,
  baseUrl?: string,
): Promise<{ sent: Sent; answer: JsonObject; text: string }> {
  const deployment = { model: request.model, ...(baseUrl !== undefined && { baseUrl }) };
  const { sent, text } = await ask({ provider: huggingface({ env: {} }), operation, request, recording, deployment });
  const body = JSON.parse(Buffer.from(sent?.body as Uint8Array).toString()) as JsonObject;
  return { sent: { url: sent?.url ?? '', body }, text, answer: text.startsWith('{') ? (JSON.parse(text) as JsonObject) : {} };
}

const json = (body: unknown): Recording => ({ status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) });

test('vectors', async () => {
  const recording = json([
    [0.5, -1],
    [0.25, 0],
  ]);
  const { client, sent } = official(recording, 'feature-extraction');
  const theirs = await client.featureExtraction({ model: modelFor('feature-extraction'), provider: 'hf-inference', inputs: ['a', 'b'], normalize: true });
  const { sent: own, answer } = await ours('embeddings', { model: modelFor('feature-extraction'), input: ['a', 'b'], normalize: true }, recording);
  expect([own]).toEqual(sent);
  expect((answer.data as { embedding: unknown }[]).map(({ embedding }) => embedding)).toEqual(theirs);
});

test('similarities', async () => {
  const recording = json([0.1, 0.9]);
  const { client, sent } = official(recording, 'sentence-similarity');
  const theirs = await client.sentenceSimilarity({
    model: modelFor('sentence-similarity'),
    provider: 'hf-inference',
    inputs: { source_sentence: 'q', sentences: ['a', 'b'] },
  });
  const { sent: own, answer } = await ours('rerank', { model: modelFor('sentence-similarity'), query: 'q', documents: ['a', 'b'] }, recording);
  expect([own]).toEqual(sent);
  expect((answer.results as { index: number; relevance_score: number }[]).map(({ index, relevance_score: score }) => [theirs[index], score])).toEqual([
    [0.9, 0.9],
    [0.1, 0.1],
  ]);
});

test('a picture', async () => {
  const recording: Recording = { status: 200, headers: { 'content-type': 'image/png' }, body: Buffer.from([0x89, 0x50, 0x4e, 0x47]) };
  const { client, sent } = official(recording, 'text-to-image');
  const parameters = { width: 512, height: 512, seed: 7 };
  const theirs = await client.textToImage(
    { model: modelFor('text-to-image'), provider: 'hf-inference', inputs: 'a llama', parameters },
    { outputType: 'blob' },
  );
  const { sent: own, answer } = await ours('images.generate', { model: modelFor('text-to-image'), prompt: 'a llama', size: '512x512', seed: 7 }, recording);
  expect(own).toEqual(sent[0]);
  expect(answer.data).toEqual([{ b64_json: Buffer.from(await theirs.arrayBuffer()).toString('base64') }]);
});

test('tokens of an endpoint of one’s own', async () => {
  const token = (text: string, details: object | null = null): string =>
    `data:${JSON.stringify({ index: 1, token: { id: 1, text, logprob: -1, special: text === '</s>' }, generated_text: null, details })}\n\n`;
  const body = token(' läuft') + token(' 😀') + token('</s>', { finish_reason: 'eos_token', generated_tokens: 3, input_length: 2, seed: null });
  const recording: Recording = { status: 200, headers: { 'content-type': 'text/event-stream' }, body: Buffer.from(body) };
  const { client } = official(recording, 'text-generation');
  let theirs = '';
  for await (const { token: next } of client.textGenerationStream({ endpointUrl: 'https://own.endpoints.huggingface.cloud', inputs: 'Es' }))
    if (!next.special) theirs += next.text;
  const { text } = await ours('completions', { model: 'org/name', prompt: 'Es', stream: true }, recording, 'https://own.endpoints.huggingface.cloud');
  const chunks = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => JSON.parse(data) as { choices: { text: string }[] });
  expect(chunks.flatMap(({ choices }) => choices.map((choice) => choice.text)).join('')).toBe(theirs);
});
