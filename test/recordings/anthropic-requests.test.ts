import { type JsonObject, type ModelRequest, secret } from '@sluice/core';
import { anthropic } from '@sluice/provider-anthropic';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { apiSchema } from '../support/api-schema.ts';
import { acceptedChats, requestOf } from '../support/recordings.ts';

const MODELS = ['claude-sonnet-4-5', 'claude-opus-4-8', 'claude-3-5-haiku-latest'] as const;

/** Requests that hold what Claude does not have, and nobody may take away unasked; each with what is said of it. */
const BEYOND_CLAUDE: Readonly<Record<string, RegExp>> = {
  'mistral-chat_completions-00e15059': /hears no audio/,
  'openai-chat_completions-8c556eda': /hears no audio/,
  // Its temperature is for a scale up to 2.
  'llamacpp-chat_completions-d83bfbf8': /^\/temperature must be <= 1$/,
  // A tool of that host's own.
  'openrouter-chat_completions-db318a81': /^\/tools\/0 must /,
};

test.for([
  ['chat', 'CreateMessageParams'],
  ['tokens.count', 'CountMessageTokensParams'],
] as const)('what recorded callers of chat asked for goes to Claude as Anthropic documents it: %s', ([operation, schema], ctx) => {
  const validate = apiSchema('anthropic-openapi.yaml', schema);
  const exchanges = acceptedChats();
  if (!validate || exchanges.length === 0) return ctx.skip('the document or the recordings are not beside the checkout');
  let right = 0;
  for (const exchange of exchanges) {
    for (const model of MODELS) {
      const problem = problemOf({ operation, request: requestOf(exchange), model }, validate);
      const beyond = BEYOND_CLAUDE[exchange.id];
      // What is not counted is not sent.
      const expected = operation === 'tokens.count' && beyond?.source.includes('temperature') ? undefined : beyond;
      if (expected && model === MODELS[0]) expect(problem).toMatch(expected);
      else if (!expected) expect([exchange.id, problem]).toEqual([exchange.id, undefined]);
      right += 1;
    }
  }
  console.log(`${right} requests for Claude checked (${operation})`);
  expect(right).toBeGreaterThan(600);
});

type Asked = { readonly operation: 'chat' | 'tokens.count'; readonly request: ModelRequest; readonly model: string };

function problemOf(asked: Asked, validate: ValidateFunction): string | undefined {
  try {
    const valid = validate(bodyFor(asked));
    // Fields that other hosts have made up go on as they are.
    const found = (validate.errors ?? []).find(({ instancePath, keyword }) => instancePath !== '' || keyword !== 'additionalProperties');
    return valid || !found ? undefined : `${found.instancePath} ${found.message}`;
  } catch (error) {
    return String(error);
  }
}

function bodyFor({ operation, request, model }: Asked): JsonObject {
  const deployment = { id: 'd', provider: 'anthropic', model, apiKey: secret('sk-ant-test'), parameterRules: { dropUnsupported: true } };
  const wire = anthropic({ env: {} }).operations[operation]?.toRequest({ operation, request, deployment });
  return JSON.parse(String(wire?.body)) as JsonObject;
}
