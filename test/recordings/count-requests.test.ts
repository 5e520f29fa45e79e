import { type JsonObject, type ModelRequest, secret } from '@sluice/core';
import { openai } from '@sluice/provider-openai';
import { expect, test } from 'vitest';
import { apiSchema } from '../support/api-schema.ts';
import { acceptedChats, requestOf } from '../support/recordings.ts';

const { operations } = openai({ env: {} });

/** Names a tool that only its host has. */
const OTHERS_OWN = 'openrouter-chat_completions-db318a81';

test('the tokens of what recorded callers of chat asked for are counted as OpenAI describes it', (ctx) => {
  const check = apiSchema('openai-openapi.yaml', 'TokenCountsBody', { overlaps: true });
  const chats = acceptedChats().filter(({ id }) => id !== OTHERS_OWN);
  if (!check || chats.length === 0) return ctx.skip('the document or the recordings are not beside the checkout');
  const problems: string[] = [];
  let [right, refused] = [0, 0];
  for (const exchange of chats) {
    const body = bodyFor(requestOf(exchange));
    if (typeof body === 'string') {
      refused += 1;
      expect(body).toContain('it does not count the tokens of');
    } else if (check(body)) right += 1;
    else problems.push(`${exchange.id} ${JSON.stringify(check.errors?.slice(0, 3).map(({ instancePath, message }) => `${instancePath} ${message}`))}`);
  }
  console.log(`${right} requests to count checked, ${refused} refused by name`);
  expect(problems).toEqual([]);
  expect(right).toBeGreaterThan(200);
});

function bodyFor(request: ModelRequest): JsonObject | string {
  const deployment = { id: 'd', provider: 'openai', model: 'gpt-5', apiKey: secret('k') };
  try {
    const wire = operations['tokens.count']?.toRequest({ operation: 'tokens.count', request, deployment });
    expect(wire?.url).toBe('https://api.openai.com/v1/responses/input_tokens');
    return JSON.parse(String(wire?.body)) as JsonObject;
  } catch (error) {
    return String(error);
  }
}
