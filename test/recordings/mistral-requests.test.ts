import { type JsonObject, type ModelRequest, type Operation, secret } from '@sluice/core';
import { mistral } from '@sluice/provider-mistral';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { apiSchema } from '../support/api-schema.ts';
import { acceptedChats, recordedExchanges, requestOf } from '../support/recordings.ts';

const DOCUMENT = 'mistral-openapi.yaml';
const MODELS = ['mistral-small-latest', 'magistral-medium-latest'] as const;

/** What callers of other hosts asked for that Mistral does not have; each with what is said of it. */
const BEYOND_MISTRAL: Readonly<Record<string, RegExp>> = {
  // A tool of that host's own.
  'openrouter-chat_completions-db318a81': /^\/tools\/0 must have required property 'function'/,
  // A schema without a name, which OpenAI would refuse as well.
  'perplexity-chat_completions-cec91b3c': /^\/response_format\/json_schema must have required property 'name'/,
};

test('what recorded callers of chat asked for goes to Mistral as it is documented', (ctx) => {
  const validate = apiSchema(DOCUMENT, 'ChatCompletionRequest');
  const exchanges = acceptedChats();
  if (!validate || exchanges.length === 0) return ctx.skip('the document or the recordings are not beside the checkout');
  for (const exchange of exchanges) {
    for (const model of MODELS) {
      const problem = problemOf('chat', requestOf(exchange), { model, validate });
      const expected = BEYOND_MISTRAL[exchange.id];
      if (expected) expect(problem).toMatch(expected);
      else expect([exchange.id, problem]).toEqual([exchange.id, undefined]);
    }
  }
  console.log(`${exchanges.length * MODELS.length} requests for Mistral checked`);
  expect(exchanges.length).toBeGreaterThan(200);
});

test.each<[Operation, string, ModelRequest]>([
  [
    'completions',
    'FIMCompletionRequest',
    { model: 'm', prompt: ['a'], suffix: 'b', seed: 1, stream: true, stream_options: { include_usage: true }, user: 'u' },
  ],
  ['embeddings', 'EmbeddingRequest', { model: 'm', input: 'a', dimensions: 64, encoding_format: 'base64', user: 'u' }],
  ['moderations', 'ClassificationRequest', { model: 'm', input: [{ type: 'text', text: 'a' }] }],
])('%s', (operation, schema, request) => {
  const validate = apiSchema(DOCUMENT, schema);
  if (validate) expect(problemOf(operation, request, { model: 'm', validate })).toBeUndefined();
});

test('embeddings that recorded callers of other hosts asked for', (ctx) => {
  const validate = apiSchema(DOCUMENT, 'EmbeddingRequest');
  const requests = ['openai', 'azure', 'mistral', 'openrouter']
    .flatMap((host) => recordedExchanges(host, 'embeddings'))
    .filter(({ response }) => response.status < 400);
  if (!validate || requests.length === 0) return ctx.skip('the document or the recordings are not beside the checkout');
  for (const exchange of requests) {
    const problem = problemOf('embeddings', requestOf(exchange, 'embeddings'), { model: 'm', validate });
    expect([exchange.id, problem]).toEqual([exchange.id, undefined]);
  }
});

type Judging = { readonly model: string; readonly validate: ValidateFunction };

function problemOf(operation: Operation, request: ModelRequest, { model, validate }: Judging): string | undefined {
  try {
    const deployment = { id: 'd', provider: 'mistral', model, apiKey: secret('k'), parameterRules: { dropUnsupported: true } };
    const wire = mistral({ env: {} }).operations[operation]?.toRequest({ operation, request, deployment });
    const valid = validate(JSON.parse(String(wire?.body)) as JsonObject);
    // Fields that other hosts have made up go on as they are.
    const found = (validate.errors ?? []).find(({ instancePath, keyword }) => instancePath !== '' || keyword !== 'additionalProperties');
    return valid || !found ? undefined : `${found.instancePath} ${found.message} ${JSON.stringify(found.params)}`;
  } catch (error) {
    return String(error);
  }
}
