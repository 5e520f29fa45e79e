import type { JsonObject } from '@sluice/core';
import { mistral } from '@sluice/provider-mistral';
import { describe, expect, test } from 'vitest';
import { openapiExample, openapiSchemas, schemaNamed, variantsOf } from '../support/examples/openapi-example.ts';
import { words } from '../support/examples/words.ts';
import { asJson, expectWhole, told } from './lossless.ts';

const schemas = openapiSchemas('mistral-openapi.yaml');
const answering = { provider: mistral({ env: {} }), deployment: { model: 'magistral-medium-latest' } };
const parts = schemas ? variantsOf(schemas, 'ContentChunk') : [];
const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };

describe.skipIf(!schemas)("Mistral's answers, made from its document", () => {
  test.each(parts)('a part of the type %s comes whole, streamed too', async (type, schema) => {
    for (const stream of [false, true]) {
      const supply = words();
      const part = { ...(openapiExample(schemas ?? {}, schema, supply) as JsonObject), type };
      const answer = await answerOf({ content: [{ type: 'text', text: 'A' }, part] }, stream);
      expectWhole(answer, supply, type);
      expect(answer.text).toContain('A');
    }
  });

  test('a thought of every part that it may have comes whole', async () => {
    const { thinking } = schemaNamed(schemas ?? {}, 'ThinkChunk').properties ?? {};
    for (const part of thinking?.items?.anyOf ?? []) {
      for (const stream of [false, true]) {
        const supply = words();
        const content = [{ type: 'thinking', thinking: [openapiExample(schemas ?? {}, part, supply)] }];
        expectWhole(await answerOf({ content }, stream), supply, part.$ref ?? '');
      }
    }
  });

  test('calls with arguments of either form come whole, with an id for each', async () => {
    for (const stream of [false, true]) {
      const supply = words();
      const call = openapiExample(schemas ?? {}, { $ref: 'ToolCall' }, supply) as JsonObject & { readonly function: JsonObject };
      const { id: _none, ...bare } = call;
      const second = { ...bare, id: 'null', index: 1, function: { name: supply.next(), arguments: { a: supply.next() } } };
      const third = { function: { name: supply.next(), arguments: '' }, index: 2 };
      const answer = await answerOf(
        { content: '', tool_calls: [{ ...call, index: 0, function: { ...call.function, arguments: '{}' } }, second, third] },
        stream,
        'tool_calls',
      );
      expectWhole(
        { ...answer, whole: answer.whole.replaceAll('\\"', '"') },
        { ...supply, all: supply.all.filter((word) => !JSON.stringify(call.function.arguments).includes(word)) },
        'calls',
      );
      const ids = answer.toolCalls.map(({ id }) => id ?? '');
      expect(new Set(ids).size).toBe(3);
      expect(ids.every((id) => id !== '' && id !== 'null')).toBe(true);
    }
  });

  test('every reason for an end is one that clients know', async () => {
    const { finish_reason: whole } = schemaNamed(schemas ?? {}, 'ChatCompletionChoice').properties ?? {};
    for (const reason of [...(whole?.enum ?? [])] as string[]) {
      for (const stream of [false, true]) {
        const answer = await answerOf({ content: 'A' }, stream, reason);
        if (reason === 'error') expect([answer.isComplete && answer.status === 200, answer.error?.code]).toEqual([false, 'upstream_error']);
        else expectWhole(answer, words(), reason);
      }
    }
  });

  test('every count is one of ours', async () => {
    const known = Object.keys(schemaNamed(schemas ?? {}, 'UsageInfo').properties ?? {});
    expect(known.sort()).toEqual([
      'completion_tokens',
      'num_cached_tokens',
      'prompt_audio_seconds',
      'prompt_token_details',
      'prompt_tokens',
      'prompt_tokens_details',
      'total_tokens',
    ]);
    for (const details of ['prompt_tokens_details', 'prompt_token_details']) {
      const answer = await told(answering, asJson({ ...whole({ content: 'A' }, 'stop'), usage: { ...usage, [details]: { cached_tokens: 2 } } }), false);
      expect(answer.usage).toMatchObject({ [details]: { cached_tokens: 2 } });
    }
  });
});

async function answerOf(message: JsonObject, stream: boolean, finish = 'stop'): Promise<Awaited<ReturnType<typeof told>>> {
  if (!stream) return await told(answering, asJson(whole(message, finish)), false);
  const chunk = (delta: JsonObject, reason: string | null, more: JsonObject = {}): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: reason }], ...more })}\n\n`;
  const text = [chunk({ role: 'assistant', content: '' }, null), chunk(message, null), chunk({ content: '' }, finish, { usage }), 'data: [DONE]\n\n'].join('');
  return await told(answering, { status: 200, headers: { 'content-type': 'text/event-stream' }, body: Buffer.from(text) }, true);
}

function whole(message: JsonObject, finish: string): JsonObject {
  return {
    id: 'c',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
    usage,
  };
}
