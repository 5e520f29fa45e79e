import assert from 'node:assert/strict';
import type { Usage } from '@sluice/core';
import { type Answered, ask, readTold, type ReplayOptions } from '@sluice/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { type RecordedExchange, recordedExchanges, recordingOf, requestOf } from '../support/recordings.ts';
import { providerNamed } from '../support/provider-named.ts';

/** Whose recordings are answered by which preset. */
const HOSTS = {
  openai: 'openai',
  azure: 'azure_ai',
  groq: 'groq',
  openrouter: 'openrouter',
  deepseek: 'deepseek',
  mistral: 'mistral',
  perplexity: 'perplexity',
  together: 'together_ai',
  cerebras: 'cerebras',
  llamacpp: 'llamacpp',
  huggingface: 'huggingface',
  ollama: 'ollama',
  gemini: 'gemini',
} as const;

const CUTS: readonly ReplayOptions[] = [{ cut: 'bytes' }, { cut: { seed: 7 } }, { cut: { seed: 8 } }];

/** Finish reasons in the provider's own words, as the digests keep them, and in OpenAI's. */
const FINISH: Readonly<Record<string, string>> = { eos: 'stop', model_length: 'length' };

const counts = new Map<string, { answered: number; streams: number; errors: number }>();

for (const [folder, preset] of Object.entries(HOSTS)) {
  const exchanges = recordedExchanges(folder, 'chat');
  describe(`chat recordings of ${folder}`, () => {
    const provider = providerNamed(preset);
    const deployment = preset === 'azure_ai' ? { baseUrl: 'https://example-resource.services.ai.azure.com' } : {};
    const asking = (exchange: RecordedExchange, replay?: ReplayOptions): Promise<Answered> =>
      ask({ provider, deployment, operation: 'chat', request: requestOf(exchange), recording: recordingOf(exchange), ...(replay && { replay }) });

    test('are there', (ctx) => {
      if (exchanges.length === 0) ctx.skip('no recordings beside the checkout');
    });

    test.each(exchanges.map((exchange) => [exchange.id, exchange] as const))('%s', async (_, exchange) => {
      const answered = await asking(exchange);
      const { streams } = check(exchange, answered);
      if (streams) for (const replay of CUTS) expect((await asking(exchange, replay)).text).toBe(answered.text);
    });
  });

  function check({ request, response, digest, features }: RecordedExchange, { status, contentType, text, usage }: Answered): { streams: boolean } {
    const count = counts.get(folder) ?? { answered: 0, streams: 0, errors: 0 };
    counts.set(folder, count);
    const told = readTold(contentType, text);
    if (response.status >= 400) {
      count.errors += 1;
      expect(status).toBe(response.status);
      expect(Object.keys(told.error ?? {}).sort()).toEqual(['code', 'message', 'param', 'type']);
      return { streams: false };
    }
    const streams = request.json?.stream === true;
    if (digest.stream_error !== undefined) {
      count.errors += 1;
      expect(told.error?.message).toBe(digest.stream_error);
      expect(told.isComplete).toBe(false);
      return { streams };
    }
    expect(status, text).toBe(200);
    expect(told.isComplete).toBe(true);
    expect(told.text).toBe(digest.text ?? '');
    expect(told.toolCalls.map(({ name, arguments: given }) => ({ name, args: parsed(given) }))).toEqual(
      (digest.tool_calls ?? []).map(({ name, args }) => ({ name, args: args === '' ? {} : args })),
    );
    if (digest.finish !== undefined) expect(told.finish).toBe(FINISH[digest.finish] ?? digest.finish);
    expect(told.reasoning !== '').toBe((digest.reasoning_chars ?? 0) > 0);
    checkUsage(told.usage, { digest, features, request });
    checkCounted(usage, digest.usage);
    count.answered += 1;
    if (streams) count.streams += 1;
    return { streams };
  }
}

/** A call that was cut by the length limit has arguments that are no JSON, and stays as it is. */
function parsed(given: string): unknown {
  try {
    return given === '' ? {} : JSON.parse(given);
  } catch {
    return given;
  }
}

function checkUsage(usage: ReturnType<typeof readTold>['usage'], { digest, request }: Pick<RecordedExchange, 'digest' | 'features' | 'request'>): void {
  const isAsked = request.json?.stream !== true || (request.json.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
  if (!isAsked || !digest.usage) return;
  assert.equal(usage?.prompt_tokens, digest.usage.input);
  assert.equal(usage?.completion_tokens, digest.usage.output);
}

/** What the gateway counted for itself, whether the caller asked for it or not. Thoughts may be told apart from the output, and are part of it. */
function checkCounted(counted: Usage | undefined, told: RecordedExchange['digest']['usage']): void {
  if (!told) return;
  // Mistral counts sound beside the prompt.
  const inputs = [told.input, (told.total ?? 0) - (told.output ?? 0)];
  assert.ok(inputs.includes(counted?.inputTokens), `${counted?.inputTokens} counted, ${inputs.join(' or ')} told`);
  const possible = [told.output, (told.total ?? 0) - (told.input ?? 0)];
  assert.ok(possible.includes(counted?.outputTokens), `${counted?.outputTokens} counted, ${possible.join(' or ')} told`);
  // Where the host reports them under OpenAI's name.
  if (told.cached !== undefined) assert.equal(counted?.cachedInputTokens ?? 0, told.cached);
}

afterAll(() => {
  for (const [folder, { answered, streams, errors }] of counts)
    console.log(`${folder}: ${answered} answered right (${streams} streams, each cut 3 ways), ${errors} errors`);
});
