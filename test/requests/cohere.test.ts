import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { JsonObject, Operation } from '@sluice/core';
import { cohere } from '@sluice/provider-cohere';
import { ask } from '@sluice/testing';
import { expect, test } from 'vitest';
import { recordedExchanges } from '../support/recordings.ts';
import { chatCases, plainCases } from './cases.ts';
import type { Case } from './judge.ts';

/** A schema of the official client, made from Cohere's own definitions. */
type Schema = { parse(raw: unknown, options: { readonly unrecognizedObjectKeys: 'fail' }): Parsed };
type Parsed = { readonly ok: true } | { readonly ok: false; readonly errors: readonly { readonly path: readonly string[]; readonly message: string }[] };
type Schemas = Readonly<Record<string, Schema>>;

// The client does not export them.
const require = createRequire(import.meta.url);
const { v2: schemas } = require(join(dirname(require.resolve('cohere-ai')), 'serialization')) as { readonly v2: Schemas };

const provider = cohere({ env: {} });
const MODELS = ['command-a-03-2025', 'command-a-reasoning-08-2025'] as const;

/** What callers of other hosts asked for that Cohere does not have. */
const BEYOND_COHERE = /cannot honour '(?:messages\[\d+\]\.content\[\d+\]\.type|tools\[\d+\](?:\.type)?|input)'/;

const RERANKED: readonly JsonObject[] = [
  { query: 'a', documents: ['a', 'b'], top_n: 1, max_tokens_per_doc: 9 },
  { query: 'a', documents: [{ text: 'a' }, { title: 'b' }], return_documents: true },
];

test('what callers of chat asked for goes to Cohere as its client sends it', async () => {
  const cases = chatCases('chat', () => true);
  for (const model of MODELS) await expectRight(cases, model, (body) => (body.stream === true ? 'V2ChatStreamRequest' : 'V2ChatRequest'));
});

test('what callers of embeddings and rerank asked for goes to Cohere as its client sends it', async () => {
  await expectRight(plainCases('embeddings'), 'embed-v4.0', () => 'V2EmbedRequest');
  const reranked = RERANKED.map((request): Case => ({ name: JSON.stringify(request), operation: 'rerank', request: { model: 'm', ...request } }));
  await expectRight(reranked, 'rerank-v3.5', () => 'V2RerankRequest');
});

test.each([
  ['v2.chat', (stream: boolean) => (stream ? 'V2ChatStreamResponse' : 'V2ChatResponse')],
  ['v2.rerank', () => 'V2RerankResponse'],
] as const)('the schemas are of the same API as the recordings: %s', (surface, schemaOf) => {
  for (const { id, response } of recordedExchanges('cohere', surface as Operation)) {
    if (response.status >= 400) continue;
    const events = response.format === 'sse' ? dataOf(response.text ?? '') : [response.json];
    // Answers may have fields that are younger than the client; what it knows of them has to fit.
    for (const event of events)
      expect([id, problemsOf(schemaOf(response.format === 'sse'), event).filter((problem) => !/Unexpected key/.test(problem))]).toEqual([id, []]);
  }
});

async function expectRight(cases: readonly Case[], model: string, schemaOf: (body: JsonObject) => string): Promise<void> {
  const wrong: string[] = [];
  let right = 0;
  for (const each of cases) {
    const { body, refusal } = await sentFor(each, model);
    const found = body ? problemsOf(schemaOf(body), withoutStream(body)) : BEYOND_COHERE.test(refusal) ? [] : [refusal];
    wrong.push(...found.map((problem) => `${model} ${each.name} ${problem}`));
    if (body && found.length === 0) right += 1;
  }
  expect(wrong).toEqual([]);
  expect(right).toBeGreaterThan(cases.length * 0.9);
  console.log(`${right} requests for ${model} judged`);
}

async function sentFor({ operation, request }: Case, model: string): Promise<{ readonly body?: JsonObject; readonly refusal: string }> {
  const recording = { status: 500, headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') };
  const { sent, text } = await ask({ provider, operation, request, recording, deployment: { model, parameterRules: { dropUnsupported: true } } });
  return { refusal: text, ...(sent && { body: JSON.parse(String(sent.body)) as JsonObject }) };
}

/** The client writes it beside the schema. */
function withoutStream({ stream: _, ...body }: JsonObject): JsonObject {
  return body;
}

function problemsOf(name: string, value: unknown): readonly string[] {
  const schema = schemas[name];
  if (!schema) throw new Error(`The client has no schema ${name}`);
  const parsed = schema.parse(value, { unrecognizedObjectKeys: 'fail' });
  return parsed.ok ? [] : parsed.errors.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

function dataOf(text: string): readonly unknown[] {
  return [...text.matchAll(/^data: ?(\{.*)$/gm)].map(([, json = '']) => JSON.parse(json) as unknown);
}
