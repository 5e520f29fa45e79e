import type { JsonObject } from '@sluice/core';
import { anthropic } from '@sluice/provider-anthropic';
import { describe, expect, test } from 'vitest';
import { openapiExample, openapiSchemas, type Schema, schemaNamed, variantsOf } from '../support/examples/openapi-example.ts';
import { type Words, words } from '../support/examples/words.ts';
import { asEvents, asJson, expectWhole, told } from './lossless.ts';

const schemas = openapiSchemas('anthropic-openapi.yaml');
const answering = { provider: anthropic({ env: {} }), deployment: { model: 'claude-opus-4-5' } };

const blocks = schemas ? variantsOf(schemas, 'BetaContentBlock') : [];
const usage = { input_tokens: 5, output_tokens: 7 };

describe.skipIf(!schemas)("Claude's answers, made from its document", () => {
  test.each(blocks)('a block of the type %s comes whole', async (type, schema) => {
    const supply = words();
    const block = exampleOf(type, schema, supply);
    expectWhole(await told(answering, asJson(messageWith([block])), false), supply, type);
  });

  test.each(blocks)('a block of the type %s comes whole in a stream', async (type, schema) => {
    const supply = words();
    const block = exampleOf(type, schema, supply);
    expectWhole(await told(answering, asEvents(streamOf(block)), true), supply, type);
  });

  test('every kind of delta has been among them', () => {
    const kinds = variantsOf(schemas ?? {}, 'BetaContentBlockDeltaEvent');
    // The union stands inside the event, so that it has no name of its own.
    expect(kinds).toEqual([]);
    const { delta } = schemaNamed(schemas ?? {}, 'BetaContentBlockDeltaEvent').properties ?? {};
    expect(Object.keys(delta?.discriminator?.mapping ?? {}).sort()).toEqual(Object.keys(DELTAS).sort());
  });

  test('every reason for an end is one that clients know, and stays under its own name', async () => {
    for (const reason of schemaNamed(schemas ?? {}, 'BetaStopReason').enum ?? []) {
      const supply = words();
      const details = openapiExample(schemas ?? {}, { $ref: 'BetaRefusalStopDetails' }, supply);
      const message = { ...messageWith([{ type: 'text', text: 'A' }]), stop_reason: reason, stop_sequence: supply.next(), stop_details: details };
      for (const stream of [false, true]) {
        const answer = await told(answering, stream ? asEvents(streamOf({ type: 'text', text: 'A' }, message)) : asJson(message), stream);
        expectWhole(answer, supply, String(reason));
        expect(answer.whole).toContain(`"native_finish_reason":"${String(reason)}"`);
      }
    }
  });

  test('usage that is not known stays, and steps beside the totals are charged', async () => {
    const reported = openapiExample(schemas ?? {}, { $ref: 'BetaUsage' }, words()) as JsonObject;
    const step = { input_tokens: 10, output_tokens: 20, cache_read_input_tokens: 30, cache_creation_input_tokens: 40 };
    const iterations = [{ type: 'message', ...step }, { type: 'compaction', ...step }, null];
    const answer = await told(answering, asJson({ ...messageWith([]), usage: { ...reported, iterations } }), false);
    expect(answer.usage).toMatchObject({ prompt_tokens: 9, completion_tokens: 3, iterations, server_tool_use: reported.server_tool_use });
    expect(answer.counted).toMatchObject({ inputTokens: 9 + 80, outputTokens: 3 + 20, cachedInputTokens: 33, cacheWriteInputTokens: 43, webSearches: 3 });
  });

  test.each(Object.entries({ 529: 'overloaded_error', 429: 'rate_limit_error', 504: 'timeout_error', 500: 'api_error' }))(
    '%s %s may be tried again',
    async (status, type) => {
      expect((await told(answering, asJson({ type: 'error', error: { type, message: 'M' } }, Number(status)), false)).error?.type).toBeDefined();
    },
  );

  test('every error that it names has a status of ours, alone and inside a stream', async () => {
    const types = Object.keys(schemaNamed(schemas ?? {}, 'ErrorResponse').properties?.error?.discriminator?.mapping ?? {});
    expect(types.length).toBeGreaterThan(5);
    for (const type of types) {
      const error = { type: 'error', error: { type, message: `About ${type}` }, request_id: null };
      const alone = await told(answering, asJson(error, 400), false);
      const inside = await told(answering, asEvents([...streamOf({ type: 'text', text: 'A' }).slice(0, 4), error]), true);
      expect([alone.error?.message, inside.error?.message]).toEqual([`About ${type}`, `About ${type}`]);
      expect(inside.error?.code).toBe(alone.error?.code);
    }
  });

  test('what nobody knows yet breaks nothing', async () => {
    const events = streamOf({ type: 'text', text: 'A' });
    const unknown = { type: 'a_new_event', index: 9, delta: { type: 'a_new_delta', text: 'B' }, more: [1] };
    const delta = { type: 'content_block_delta', index: 0, delta: { type: 'a_new_delta', text: 'B' } };
    const stray = { type: 'content_block_delta', index: 7, delta: { type: 'text_delta', text: 'C' } };
    const answer = await told(
      answering,
      asEvents([events[0] ?? {}, unknown, ...events.slice(1, 3), delta, stray, { type: 'content_block_stop', index: 8 }, ...events.slice(3)]),
      true,
    );
    expect([answer.text, answer.finish, answer.isComplete]).toEqual(['CA', 'stop', true]);
  });
});

function exampleOf(type: string, schema: Schema, supply: Words): JsonObject {
  const block = { ...(openapiExample(schemas ?? {}, schema, supply) as JsonObject), type };
  // The first of its kinds says that the model itself called; another is told.
  return type === 'tool_use' ? { ...block, caller: { type: 'code_execution_20250825', tool_id: supply.next() } } : block;
}

function messageWith(content: readonly JsonObject[]): JsonObject {
  return { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content, stop_reason: 'end_turn', stop_sequence: null, usage };
}

/** How each kind of delta tells what stands in a block. */
const DELTAS: Readonly<Record<string, (block: JsonObject) => readonly JsonObject[]>> = {
  text_delta: ({ type, text }) => (type === 'text' ? [{ text }] : []),
  citations_delta: ({ citations }) => (Array.isArray(citations) ? (citations as readonly JsonObject[]).map((citation) => ({ citation })) : []),
  thinking_delta: ({ thinking }) => (thinking === undefined ? [] : [{ thinking }]),
  signature_delta: ({ signature }) => (signature === undefined ? [] : [{ signature }]),
  input_json_delta: ({ input }) =>
    input === undefined ? [] : [JSON.stringify(input).slice(0, 5), JSON.stringify(input).slice(5)].map((partial_json) => ({ partial_json })),
  compaction_delta: ({ type, content, encrypted_content }) => (type === 'compaction' ? [{ content, encrypted_content }] : []),
};

/** What a block begins with, where deltas tell the rest. */
const EMPTY: JsonObject = { text: '', thinking: '', signature: '', input: {}, citations: null };

function streamOf(block: JsonObject, { stop_reason, stop_sequence, stop_details }: JsonObject = { stop_reason: 'end_turn' }): readonly JsonObject[] {
  const begun = Object.fromEntries(Object.entries(block).map(([field, value]) => [field, field in EMPTY ? EMPTY[field] : value]));
  const deltas = Object.entries(DELTAS).flatMap(([type, deltasOf]) => deltasOf(block).map((delta) => ({ type, ...delta })));
  return [
    { type: 'message_start', message: { ...messageWith([]), stop_reason: null, usage: { ...usage, output_tokens: 1 } } },
    { type: 'ping' },
    { type: 'content_block_start', index: 0, content_block: block.type === 'compaction' ? { type: 'compaction', content: null } : begun },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index: 0, delta })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason, stop_sequence, stop_details }, usage: { output_tokens: 7 } },
    { type: 'message_stop' },
  ];
}
