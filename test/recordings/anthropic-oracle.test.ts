import { readFileSync } from 'node:fs';
import type { JsonObject, ModelRequest } from '@sluice/core';
import { anthropic } from '@sluice/provider-anthropic';
import { ask } from '@sluice/testing';
import { expect, test } from 'vitest';
import { sharedPath } from '../support/shared.ts';

type Case = {
  readonly name: string;
  readonly client_request: ModelRequest;
  readonly expected_provider_endpoint: string;
  readonly expected_provider_headers: Readonly<Record<string, string>>;
  readonly expected_provider_request: JsonObject & { readonly model: string };
  readonly provider_response: JsonObject;
  readonly expected_client_response: JsonObject & { readonly usage: JsonObject };
};

/**
 * Where we answer otherwise than LiteLLM, on purpose: `id`, `created` and `model` (the provider's own are kept),
 * `provider_specific_fields` (what Anthropic adds stands under its own names), and the counts of text tokens, which the
 * provider does not tell.
 */
test('chat over Messages is translated as LiteLLM does it', async (ctx) => {
  const path = sharedPath('recordings', 'litellm-oracles', 'translation.json');
  if (path === undefined) return ctx.skip('the cases are not beside the checkout');
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { readonly cases: readonly Case[] };
  const chats = cases.filter(({ name }) => name.startsWith('chat_completions/anthropic/'));
  expect(chats.length).toBeGreaterThan(0);
  for (const { client_request: request, expected_provider_request: expected, expected_client_response: told, ...rest } of chats) {
    const { sent, text } = await ask({
      provider: anthropic({ env: {} }),
      deployment: { model: expected.model },
      operation: 'chat',
      request,
      recording: { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(rest.provider_response)) },
    });
    expect(JSON.parse(String(sent?.body))).toEqual(expected);
    expect(sent?.url).toBe(`https://api.anthropic.com${rest.expected_provider_endpoint}`);
    expect(sent?.headers).toMatchObject({ 'anthropic-version': rest.expected_provider_headers['anthropic-version'], 'content-type': 'application/json' });
    expect(sent?.headers).toHaveProperty('x-api-key');

    const [choice] = told.choices as readonly [{ readonly message: JsonObject; readonly finish_reason: string }];
    const { prompt_tokens, completion_tokens, total_tokens, cache_creation_input_tokens, cache_read_input_tokens } = told.usage;
    expect(JSON.parse(text)).toMatchObject({
      object: told.object,
      choices: [{ index: 0, finish_reason: choice.finish_reason, message: { role: 'assistant', content: choice.message.content } }],
      usage: {
        prompt_tokens,
        completion_tokens,
        total_tokens,
        cache_creation_input_tokens,
        cache_read_input_tokens,
        prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
  }
});
