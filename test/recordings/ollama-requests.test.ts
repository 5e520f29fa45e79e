import type { JsonObject, ModelRequest, Operation } from '@sluice/core';
import { ollama } from '@sluice/provider-ollama';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { apiSchema } from '../support/api-schema.ts';
import { acceptedChats, requestOf } from '../support/recordings.ts';

const DOCUMENT = 'ollama-openapi.yaml';

/** What callers of other hosts asked for that Ollama does not have. */
const BEYOND_OLLAMA = /cannot honour '(?:tools\[\d+\]|messages\[\d+\]\.content\[\d+\])'/;

test('what recorded callers of chat asked for goes to Ollama as it is documented', (ctx) => {
  const validate = apiSchema(DOCUMENT, 'ChatRequest');
  const exchanges = acceptedChats();
  if (!validate || exchanges.length === 0) return ctx.skip('the document or the recordings are not beside the checkout');
  const problems = exchanges.map((exchange) => ({ id: exchange.id, problem: problemOf('chat', requestOf(exchange), validate) }));
  const beyond = problems.filter(({ problem = '' }) => BEYOND_OLLAMA.test(problem));
  console.log(`${exchanges.length - beyond.length} requests for Ollama checked, ${beyond.length} with what it does not have`);
  expect(problems.filter((each) => each.problem !== undefined && !beyond.includes(each))).toEqual([]);
  expect(exchanges.length - beyond.length).toBeGreaterThan(200);
});

test.each<[Operation, string, ModelRequest]>([
  ['completions', 'GenerateRequest', { model: 'm', prompt: ['a'], suffix: 'b', seed: 1, max_tokens: 5, stream: true, stream_options: { include_usage: true } }],
  ['embeddings', 'EmbedRequest', { model: 'm', input: ['a'], dimensions: 64, encoding_format: 'base64', user: 'u' }],
])('%s', (operation, schema, request) => {
  const validate = apiSchema(DOCUMENT, schema);
  if (validate) expect(problemOf(operation, request, validate)).toBeUndefined();
});

function problemOf(operation: Operation, request: ModelRequest, validate: ValidateFunction): string | undefined {
  try {
    const deployment = { id: 'd', provider: 'ollama', model: 'm', parameterRules: { dropUnsupported: true } };
    const wire = ollama({ env: {} }).operations[operation]?.toRequest({ operation, request, deployment });
    if (validate(JSON.parse(String(wire?.body)) as JsonObject)) return undefined;
    const [found] = validate.errors ?? [];
    return `${found?.instancePath} ${found?.message} ${JSON.stringify(found?.params)}`;
  } catch (error) {
    return String(error);
  }
}
