import type { JsonObject, Operation } from '@sluice/core';
import { demo } from '@sluice/provider-demo';
import { type Answered, ask, type Asking } from '@sluice/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { knownDeviations, openaiSchema } from '../support/openai-schema.ts';
import { bytesOf, recordedExchanges, recordingOf, requestOf } from '../support/recordings.ts';
import { presetProvider } from '@sluice/provider-openai';
import { providerNamed } from '../support/provider-named.ts';

const schema = openaiSchema();
const known = knownDeviations();
const WHOLE: Readonly<Partial<Record<Operation, string>>> = {
  chat: 'CreateChatCompletionResponse',
  completions: 'CreateCompletionResponse',
  embeddings: 'CreateEmbeddingResponse',
  moderations: 'CreateModerationResponse',
  'images.generate': 'ImagesResponse',
  'images.edit': 'ImagesResponse',
  responses: 'Response',
};
const ASKED: Readonly<Partial<Record<Operation, string>>> = {
  chat: 'CreateChatCompletionRequest',
  completions: 'CreateCompletionRequest',
  embeddings: 'CreateEmbeddingRequest',
  moderations: 'CreateModerationRequest',
  'images.generate': 'CreateImageRequest',
  'audio.speech': 'CreateSpeechRequest',
  responses: 'CreateResponse',
};
const counts = new Map<string, { judged: number; errors: number; deviations: Map<string, number> }>();

/** Everything in an answer that the document has a form for: the whole, each chunk, each event, or the error. */
function deviationsOf(operation: Operation, { status, contentType, text }: Pick<Answered, 'status' | 'contentType' | 'text'>): readonly string[] {
  if (!schema) return [];
  if (status >= 400) return schema.deviationsOf('ErrorResponse', JSON.parse(text));
  if (contentType.startsWith('application/json')) return WHOLE[operation] ? schema.deviationsOf(WHOLE[operation], JSON.parse(text)) : [];
  if (!contentType.startsWith('text/event-stream')) return [];
  const events = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => JSON.parse(data) as JsonObject);
  return events.flatMap((event) => {
    if (event.error !== undefined && event.choices === undefined) return schema.deviationsOf('ErrorResponse', event);
    if (operation === 'responses') return schema.deviationsOf(`event ${String(event.type)}`, event);
    // The document has no form for chunks of text completions.
    return operation === 'chat' ? schema.deviationsOf('CreateChatCompletionStreamResponse', event) : [];
  });
}

function count(what: string, { status }: Answered, deviations: readonly string[]): void {
  const entry = counts.get(what) ?? { judged: 0, errors: 0, deviations: new Map<string, number>() };
  counts.set(what, entry);
  entry.judged += 1;
  if (status >= 400) entry.errors += 1;
  for (const deviation of deviations) entry.deviations.set(deviation, (entry.deviations.get(deviation) ?? 0) + 1);
}

describe("answers replayed from OpenAI have the form of OpenAI's document, but where the recording itself has not", () => {
  for (const operation of Object.keys(WHOLE) as Operation[]) {
    test(operation, async (ctx) => {
      const exchanges = recordedExchanges('openai', operation);
      if (!schema || exchanges.length === 0) return ctx.skip('no document and recordings beside the checkout');
      for (const exchange of exchanges) {
        const answered = await ask({
          provider: presetProvider('openai'),
          operation,
          request: requestOf(exchange, operation),
          recording: recordingOf(exchange),
        });
        const deviations = deviationsOf(operation, answered);
        count(`openai ${operation}`, answered, deviations);
        const recorded = deviationsOf(operation, { ...answered, text: bytesOf(exchange).toString('utf8') });
        expect(deviations.filter((deviation) => !known.has(deviation) && !recorded.includes(deviation))).toEqual([]);
      }
    });
  }
});

describe("what is sent to OpenAI has the form of OpenAI's document, but where the recorded request has not", () => {
  for (const [operation, name] of Object.entries(ASKED) as [Operation, string][]) {
    test(operation, async (ctx) => {
      const exchanges = recordedExchanges('openai', operation);
      if (!schema || exchanges.length === 0) return ctx.skip('no document and recordings beside the checkout');
      let judged = 0;
      for (const exchange of exchanges) {
        const { sent } = await ask({
          provider: presetProvider('openai'),
          operation,
          request: requestOf(exchange, operation),
          recording: recordingOf(exchange),
        });
        // A few recorded requests are wrong on purpose, and are refused before anything is sent.
        if (!sent) continue;
        judged += 1;
        const recorded = schema.deviationsOf(name, exchange.request.json);
        const body = JSON.parse(Buffer.from(sent.body as Uint8Array).toString('utf8')) as JsonObject;
        expect(schema.deviationsOf(name, body).filter((deviation) => !recorded.includes(deviation))).toEqual([]);
      }
      expect(judged).toBeGreaterThan(0);
      console.log(`${operation}: ${judged} of ${exchanges.length} requests judged`);
    });
  }
});

describe('every error of every host comes in the form of OpenAI', () => {
  const hosts = ['azure_ai', 'groq', 'openrouter', 'deepseek', 'mistral', 'perplexity', 'llamacpp', 'ollama_openai'];
  const folders: Readonly<Record<string, string>> = { azure_ai: 'azure', ollama_openai: 'ollama' };
  for (const host of hosts) {
    test(host, async (ctx) => {
      const exchanges = recordedExchanges(folders[host] ?? host, 'chat').filter(({ response }) => response.status >= 400);
      if (!schema || exchanges.length === 0) return ctx.skip('no document and recordings beside the checkout');
      for (const exchange of exchanges) {
        const asking: Asking = {
          provider: providerNamed(host),
          operation: 'chat',
          request: requestOf(exchange),
          recording: recordingOf(exchange),
          deployment: { baseUrl: 'https://host.example.com/v1' },
        };
        const answered = await ask(asking);
        count(`${host} errors`, answered, []);
        expect(answered.status).toBe(exchange.response.status);
        expect(deviationsOf('chat', answered)).toEqual([]);
      }
    });
  }
});

describe('what the demo provider says has the form of OpenAI', () => {
  const requests: readonly (readonly [Operation, Asking['request']])[] = [
    ['chat', { model: 'demo', messages: [{ role: 'user', content: 'hi' }] }],
    ['chat', { model: 'demo', messages: [{ role: 'user', content: 'hi' }], stream: true, stream_options: { include_usage: true } }],
    ['chat', { model: 'demo', messages: [{ role: 'user', content: 'hi' }], tools: [{ type: 'function', function: { name: 'f' } }], tool_choice: 'required' }],
    ['completions', { model: 'demo', prompt: 'hi' }],
    ['completions', { model: 'demo', prompt: 'hi', stream: true }],
    ['embeddings', { model: 'demo', input: 'hi' }],
    ['moderations', { model: 'demo', input: 'hi' }],
    ['images.generate', { model: 'demo', prompt: 'hi' }],
    ['responses', { model: 'demo', input: 'hi' }],
    ['responses', { model: 'demo', input: 'hi', stream: true }],
  ];
  test.for(requests)('%s %o', async ([operation, request], ctx) => {
    if (!schema) return ctx.skip('no document beside the checkout');
    const provider = demo({ pieceDelayMs: 0 });
    const answered = await ask({ provider, operation, request });
    expect(answered.status, answered.text).toBe(200);
    const deviations = deviationsOf(operation, answered);
    count(`demo ${operation}`, answered, deviations);
    expect(deviations.filter((deviation) => !known.has(deviation))).toEqual([]);
  });
});

afterAll(() => {
  for (const [what, { judged, errors, deviations }] of counts) {
    const departures = [...deviations.values()].reduce((sum, number) => sum + number, 0);
    console.log(`${what}: ${judged} answers judged (${errors} errors), ${departures} departures of ${deviations.size} kinds, none of the gateway's making`);
  }
});
