import type { JsonObject } from '@sluice/core';
import { ollama } from '@sluice/provider-ollama';
import type { Recording } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { openapiExample, openapiSchemas, schemaNamed } from '../support/examples/openapi-example.ts';
import { base64, type Words, words } from '../support/examples/words.ts';
import { asJson, expectWhole, told } from './lossless.ts';

const schemas = openapiSchemas('ollama-openapi.yaml');
const answering = { provider: ollama({ env: {} }), deployment: { model: 'qwen3' } };

/** What it says of itself, and not of the answer. */
const ABOUT_ITSELF: ReadonlySet<string> = new Set(['created_at', 'done_reason']);

describe.skipIf(!schemas)("Ollama's answers, made from its document", () => {
  test('everything in a message comes whole', async () => {
    const { body, supply } = wholeAnswer();
    const answer = await told(answering, asJson(body), false);
    expectWhole(answer, supply, 'whole');
    expect(answer.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 3 });
  });

  test('everything in a stream comes whole, whatever stands beside it', async () => {
    const { body: event, supply } = wholeAnswer();
    const events = [
      { model: event.model, message: { role: 'assistant', content: '' }, done: false },
      { ...event, done: false },
      { aNewField: 1, done: false },
      { ...event, message: { role: 'assistant', content: '', aNewOne: [1] }, logprobs: null, done: true },
    ];
    const answer = await told(answering, asLines(events), true);
    expectWhole(answer, supply, 'stream');
    expect(answer.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 3 });
  });

  test.each(['stop', 'length', 'load', 'unload', 'a_new_one', undefined])(
    'an answer that ended by %s ended by a word that clients know',
    async (done_reason) => {
      const answer = { model: 'm', message: { role: 'assistant', content: 'A' }, done: true, ...(done_reason !== undefined && { done_reason }), eval_count: 1 };
      for (const stream of [false, true]) expectWhole(await told(answering, stream ? asLines([answer]) : asJson(answer), stream), words(), String(done_reason));
    },
  );

  test('an error is one, alone and inside a stream', async () => {
    const error = openapiExample(schemas ?? {}, { $ref: 'ErrorResponse' }, words()) as JsonObject;
    const alone = await told(answering, asJson(error, 500), false);
    const inside = await told(answering, asLines([{ model: 'm', message: { role: 'assistant', content: 'A' }, done: false }, error]), true);
    for (const answer of [alone, inside]) expect([answer.error?.message, answer.isComplete]).toEqual([error.error, false]);
  });

  test('every field of an answer has been among them', () => {
    const { message } = schemaNamed(schemas ?? {}, 'ChatResponse').properties ?? {};
    expect(Object.keys(message?.properties ?? {}).sort()).toEqual(['content', 'images', 'role', 'thinking', 'tool_calls']);
  });
});

function wholeAnswer(): { readonly body: JsonObject; readonly supply: Words } {
  const supply = words();
  const answer = openapiExample(schemas ?? {}, { $ref: 'ChatResponse' }, supply) as JsonObject & { readonly message: JsonObject };
  const body = { ...answer, done_reason: 'stop', message: { ...answer.message, images: [base64(supply.next())] } };
  const unheard = [...ABOUT_ITSELF].map((field) => String(answer[field])).concat(descriptionsIn(answer.message));
  return { body, supply: { ...supply, all: supply.all.filter((word) => !unheard.includes(word)) } };
}

/** A call repeats the description of its tool in the document, and never does so in an answer. */
function descriptionsIn({ tool_calls: calls, images }: JsonObject): string[] {
  const described = (calls as readonly { readonly function?: { readonly description?: string } }[]).map((call) => String(call.function?.description));
  return [...described, ...(images as readonly string[])];
}

function asLines(events: readonly JsonObject[]): Recording {
  return { status: 200, headers: { 'content-type': 'application/x-ndjson' }, body: Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join('')) };
}
