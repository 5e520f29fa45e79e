import type { Operation } from '@sluice/core';
import { type Answered, ask, readTold, type ReplayOptions } from '@sluice/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { bytesOf, type RecordedExchange, recordedExchanges, recordingOf, requestOf } from '../support/recordings.ts';
import { providerNamed } from '../support/provider-named.ts';

/** Recordings that are passed as they are: the operation, the folder and the preset that answers it. */
const PASSED: readonly (readonly [Operation, string, string])[] = [
  ['completions', 'openai', 'openai'],
  ['completions', 'together', 'together_ai'],
  ['embeddings', 'openai', 'openai'],
  ['embeddings', 'azure', 'azure'],
  ['embeddings', 'mistral', 'mistral'],
  ['embeddings', 'openrouter', 'openrouter'],
  ['embeddings', 'llamacpp', 'llamacpp'],
  ['moderations', 'openai', 'openai'],
  ['images.generate', 'openai', 'openai'],
  ['images.generate', 'xai', 'xai'],
  ['images.edit', 'openai', 'openai'],
  ['images.edit', 'xai', 'xai'],
  ['audio.speech', 'openai', 'openai'],
  ['audio.speech', 'openrouter', 'openrouter'],
  ['audio.transcribe', 'openai', 'openai'],
  ['audio.transcribe', 'mistral', 'mistral'],
  ['audio.transcribe', 'openrouter', 'openrouter'],
  ['audio.transcribe', 'llamacpp', 'llamacpp'],
  ['audio.translate', 'openai', 'openai'],
  ['responses', 'openai', 'openai'],
  ['responses', 'azure', 'azure'],
  ['responses', 'deepseek', 'deepseek'],
  ['responses', 'openrouter', 'openrouter'],
  ['responses', 'llamacpp', 'llamacpp'],
  ['responses', 'xai', 'xai'],
  ['rerank', 'openrouter', 'openrouter'],
  ['rerank', 'llamacpp', 'llamacpp'],
  ['ocr', 'mistral', 'mistral'],
];

const CUTS: readonly ReplayOptions[] = [{ cut: 'bytes' }, { cut: { seed: 7 } }];

const counts = new Map<string, { answered: number; streams: number; errors: number }>();

for (const [operation, folder, preset] of PASSED) {
  const exchanges = recordedExchanges(folder, operation);
  const count = { answered: 0, streams: 0, errors: 0 };
  counts.set(`${operation} of ${folder}`, count);

  describe(`${operation} recordings of ${folder}`, () => {
    const provider = providerNamed(preset);
    const deployment = preset === 'azure' ? { baseUrl: 'https://example-resource.openai.azure.com' } : {};
    const asking = (exchange: RecordedExchange, replay?: ReplayOptions): Promise<Answered> =>
      ask({ provider, deployment, operation, request: requestOf(exchange, operation), recording: recordingOf(exchange), ...(replay && { replay }) });

    test('are there', (ctx) => {
      if (exchanges.length === 0) ctx.skip('no recordings beside the checkout');
    });

    test.each(exchanges.map((exchange) => [exchange.id, exchange] as const))('%s', async (_, exchange) => {
      const { response, digest } = exchange;
      const answered = await asking(exchange);
      if (response.status >= 400) {
        count.errors += 1;
        expect(answered.status).toBe(response.status >= 500 ? 502 : response.status);
        expect(Object.keys(readTold(answered.contentType, answered.text).error ?? {}).sort()).toEqual(['code', 'message', 'param', 'type']);
        return;
      }
      expect(answered.status, answered.text).toBe(200);
      count.answered += 1;
      if (response.format === 'json') expect(JSON.parse(answered.text)).toEqual(response.json);
      else if (response.format === 'binary') expect(answered.bytes).toEqual(bytesOf(exchange));
      else {
        count.streams += 1;
        const told = readTold(answered.contentType, answered.text);
        expect(told.isComplete).toBe(true);
        expect(told.text).toBe(digest.text ?? '');
        expect(told.toolCalls.map(({ name, arguments: given }) => ({ name, args: JSON.parse(given || '{}') as unknown }))).toEqual(
          (digest.tool_calls ?? []).map(({ name, args }) => ({ name, args })),
        );
        for (const replay of CUTS) expect((await asking(exchange, replay)).text).toBe(answered.text);
      }
    });
  });
}

afterAll(() => {
  for (const [what, { answered, streams, errors }] of counts) console.log(`${what}: ${answered} passed as they are (${streams} streams), ${errors} errors`);
});
