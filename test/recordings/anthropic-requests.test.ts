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

test('what recorded callers of chat asked for goes to Claude as Anthropic documents it', (ctx) => {
  const validate = apiSchema('anthropic-openapi.yaml', 'CreateMessageParams');
  const exchanges = acceptedChats();
  if (!validate || exchanges.length === 0) return ctx.skip('the document or the recordings are not beside the checkout');
  let right = 0;
  for (const exchange of exchanges) {
    for (const model of MODELS) {
      const problem = problemOf(requestOf(exchange), model, validate);
      const expected = BEYOND_CLAUDE[exchange.id];
      if (expected && model === MODELS[0]) expect(problem).toMatch(expected);
      else if (!expected) expect([exchange.id, problem]).toEqual([exchange.id, undefined]);
      right += 1;
    }
  }
  console.log(`${right} requests for Claude checked`);
  expect(right).toBeGreaterThan(600);
});

function problemOf(request: ModelRequest, model: string, validate: ValidateFunction): string | undefined {
  try {
    const valid = validate(bodyFor(request, model));
    // Fields that other hosts have made up go on as they are.
    const found = (validate.errors ?? []).find(({ instancePath, keyword }) => instancePath !== '' || keyword !== 'additionalProperties');
    return valid || !found ? undefined : `${found.instancePath} ${found.message}`;
  } catch (error) {
    return String(error);
  }
}

function bodyFor(request: ModelRequest, model: string): JsonObject {
  const deployment = { id: 'd', provider: 'anthropic', model, apiKey: secret('sk-ant-test'), parameterRules: { dropUnsupported: true } };
  const wire = anthropic({ env: {} }).operations.chat?.toRequest({ operation: 'chat', request, deployment });
  return JSON.parse(String(wire?.body)) as JsonObject;
}
