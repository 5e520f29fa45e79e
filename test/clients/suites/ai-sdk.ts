import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embedMany, generateImage, generateText, Output, stepCountIs, streamText, tool } from 'ai';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import type { Feature } from '../feature.ts';
import type { Face } from '../faces.ts';
import { KEYS } from '../gateway-under-test.ts';
import { PNG, vectorOf } from '../upstream/other-answers.ts';

function sluice({ baseURL, fetch }: Face, apiKey: string = KEYS.good) {
  return createOpenAICompatible({ name: 'sluice', baseURL, apiKey, includeUsage: true, supportsStructuredOutputs: true, ...(fetch ? { fetch } : {}) });
}

const tools = {
  get_weather: tool({
    description: 'The weather of a city',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `21 degrees in ${city}`,
  }),
};

export const aiSdkFeatures: readonly Feature[] = [
  {
    name: 'generateText',
    async run(face) {
      const { text, usage } = await generateText({ model: sluice(face)('gpt-4o-mini'), prompt: 'Hi' });
      expect(text).toBe('You said: Hi');
      expect(usage).toMatchObject({ inputTokens: 12, outputTokens: 5 });
    },
  },
  {
    name: 'streamText',
    async run(face) {
      const { textStream, usage, finishReason } = streamText({ model: sluice(face)('gpt-4o-mini'), prompt: 'Hi' });
      let text = '';
      for await (const piece of textStream) text += piece;
      expect(text).toBe('You said: Hi');
      expect(await finishReason).toBe('stop');
      expect(await usage).toMatchObject({ totalTokens: 17 });
    },
  },
  {
    name: 'tools, run in steps',
    async run(face) {
      const { text, steps } = await generateText({ model: sluice(face)('gpt-4o-mini'), prompt: 'How is the weather?', tools, stopWhen: stepCountIs(3) });
      expect(steps[0]?.toolCalls[0]).toMatchObject({ toolName: 'get_weather', input: { city: 'Zürich' } });
      expect(text).toContain('21 degrees in Zürich');
    },
  },
  {
    name: 'tools, streamed',
    async run(face) {
      const { toolCalls } = streamText({ model: sluice(face)('gpt-4o-mini'), prompt: 'How is the weather?', tools });
      expect((await toolCalls)[0]).toMatchObject({ toolName: 'get_weather', input: { city: 'Zürich' } });
    },
  },
  {
    name: 'structured output (zod)',
    async run(face) {
      const { output } = await generateText({
        model: sluice(face)('gpt-4o-mini'),
        prompt: 'Hi',
        output: Output.object({ schema: z.object({ city: z.string(), degrees: z.number() }) }),
      });
      expect(output).toEqual({ city: 'Zürich', degrees: 36 });
    },
  },
  {
    name: 'embedMany',
    async run(face) {
      const { embeddings, usage } = await embedMany({ model: sluice(face).embeddingModel('text-embedding-3-small'), values: ['one', 'three'] });
      expect(embeddings).toEqual([vectorOf('one'), vectorOf('three')]);
      expect(usage.tokens).toBe(6);
    },
  },
  {
    name: 'generateImage',
    async run(face) {
      const { image } = await generateImage({ model: sluice(face).imageModel('gpt-image-1'), prompt: 'a dot' });
      expect(Buffer.from(image.uint8Array).equals(PNG)).toBe(true);
    },
  },
  {
    name: 'errors with status and code',
    async run(face) {
      const refused = generateText({ model: sluice(face, KEYS.spent)('gpt-4o-mini'), prompt: 'Hi', maxRetries: 0 });
      const error: unknown = await refused.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(APICallError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ statusCode: 402, isRetryable: false, data: { error: { code: 'budget_exceeded' } } });
    },
  },
  {
    name: 'abort mid-stream reaches the provider',
    async run(face, upstream) {
      const before = upstream.abandoned();
      const controller = new AbortController();
      const { textStream } = streamText({ model: sluice(face)('slow'), prompt: 'Hi', abortSignal: controller.signal });
      let pieces = 0;
      for await (const _ of textStream) {
        pieces += 1;
        if (pieces === 3) controller.abort();
      }
      await vi.waitFor(() => expect(upstream.abandoned()).toBe(before + 1), { timeout: 5000, interval: 10 });
    },
  },
];
