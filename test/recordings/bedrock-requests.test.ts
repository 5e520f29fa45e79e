import { readdirSync, readFileSync } from 'node:fs';
import { type JsonObject, type ModelRequest, secret, type WireRequest } from '@sluice/core';
import { bedrock } from '@sluice/provider-bedrock';
import { ask } from '@sluice/testing';
import { expect, test } from 'vitest';
import { recordedExchanges, requestOf } from '../support/recordings.ts';
import { sharedPath } from '../support/shared.ts';
import { smithyModel } from '../support/smithy.ts';

const MODELS = ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'us.amazon.nova-2-lite-v1:0', 'mistral.mistral-large-2402-v1:0'] as const;
const provider = bedrock({ region: 'us-east-1', env: {} });

/** What the API has learned since its model was written. */
const NEWER = /cachePoint: is not known|\/serviceTier: is not known|systemTool: is not known/;

test('what recorded callers of chat asked for goes to Converse as AWS describes it', (ctx) => {
  const model = smithyModel('bedrock-runtime-smithy.json');
  const folder = sharedPath('recordings', 'recordings');
  if (!model || folder === undefined) return ctx.skip('the model or the recordings are not beside the checkout');
  const counts = { right: 0, refused: 0 };
  const problems: string[] = [];
  for (const host of readdirSync(folder)) {
    for (const exchange of recordedExchanges(host, 'chat')) {
      const request = requestOf(exchange);
      if (exchange.response.status >= 400 || !Array.isArray(request.messages)) continue;
      for (const name of MODELS) {
        const body = bodyFor(request, name);
        if (typeof body === 'string') {
          counts.refused += 1;
          // What has to be fetched first, what no model on Bedrock hears, and tools of other hosts' own.
          expect(body).toMatch(/data URLs and s3|no sound|tool.* has functions|knows text, image_url|knows none of the type/);
          continue;
        }
        const found = model.problemsOf('com.amazonaws.bedrockruntime#ConverseRequest', { modelId: 'm', ...body }).filter((problem) => !NEWER.test(problem));
        problems.push(...found.map((problem) => `${exchange.id} ${problem}`));
        counts.right += found.length === 0 ? 1 : 0;
      }
    }
  }
  console.log(`${counts.right} requests for Converse checked, ${counts.refused} refused by name`);
  expect(problems).toEqual([]);
  expect(counts.right).toBeGreaterThan(600);
});

function bodyFor(request: ModelRequest, model: string): JsonObject | string {
  const deployment = { id: 'd', provider: 'bedrock', model, apiKey: secret('k'), parameterRules: { dropUnsupported: true } };
  try {
    const wire = provider.operations.chat?.toRequest({ operation: 'chat', request, deployment });
    return JSON.parse(String(wire?.body)) as JsonObject;
  } catch (error) {
    return String(error);
  }
}

type Case = {
  readonly name: string;
  readonly client_request: ModelRequest;
  readonly expected_provider_endpoint: string;
  readonly expected_provider_request: JsonObject;
  readonly provider_response: JsonObject;
  readonly expected_client_response: {
    readonly choices: readonly [{ readonly finish_reason: string; readonly message: JsonObject }];
    readonly usage: JsonObject;
  };
};

/** Where we answer otherwise than LiteLLM, on purpose: `id` and `model`, and the counts of text tokens, which Bedrock does not tell. */
test('chat over Converse is translated as LiteLLM does it', async (ctx) => {
  const path = sharedPath('recordings', 'litellm-oracles', 'translation.json');
  if (path === undefined) return ctx.skip('the cases are not beside the checkout');
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { readonly cases: readonly Case[] };
  const chats = cases.filter(({ name }) => name.startsWith('chat_completions/bedrock_converse/'));
  expect(chats.length).toBeGreaterThan(0);
  for (const { client_request: request, expected_client_response: told, ...rest } of chats) {
    const { sent, text } = await ask({
      provider,
      deployment: { model: request.model.slice('bedrock/'.length) },
      operation: 'chat',
      request,
      recording: { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(rest.provider_response)) },
    });
    expectWire(sent, rest);
    const [{ finish_reason, message }] = told.choices;
    const { prompt_tokens, completion_tokens, total_tokens } = told.usage;
    expect(JSON.parse(text)).toMatchObject({
      object: 'chat.completion',
      choices: [{ index: 0, finish_reason, message: { role: 'assistant', content: message.content } }],
      usage: { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 } },
    });
  }
});

function expectWire(
  sent: WireRequest | undefined,
  { expected_provider_endpoint: endpoint, expected_provider_request: expected }: Pick<Case, 'expected_provider_endpoint' | 'expected_provider_request'>,
): void {
  expect(JSON.parse(String(sent?.body))).toEqual(expected);
  expect(sent?.url).toBe(`https://bedrock-runtime.us-east-1.amazonaws.com${endpoint}`);
  expect(sent?.headers).toMatchObject({ 'content-type': 'application/json', authorization: expect.stringMatching(/^Bearer /) as string });
}
