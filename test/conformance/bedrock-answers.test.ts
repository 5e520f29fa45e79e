import type { JsonObject } from '@sluice/core';
import { bedrock } from '@sluice/provider-bedrock';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import type { Recording } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { smithyExamples } from '../support/examples/smithy-example.ts';
import { words } from '../support/examples/words.ts';
import { asJson, expectWhole, told } from './lossless.ts';

const model = smithyExamples('bedrock-runtime-smithy.json', 'com.amazonaws.bedrockruntime');
const answering = { provider: bedrock({ region: 'us-east-1', env: {} }), deployment: { model: 'us.amazon.nova-2-lite-v1:0' } };
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => Buffer.from(text),
);
const usage = { inputTokens: 5, outputTokens: 7, totalTokens: 12 };

describe.skipIf(!model)("Converse's answers, made from its model", () => {
  test.each(model?.membersOf('ContentBlock') ?? [])('a block with %s comes whole', async (member) => {
    const supply = words();
    expectWhole(await told(answering, asJson(answerWith([model?.example('ContentBlock', supply, member)])), false), supply, member);
  });

  test.each(model?.membersOf('ReasoningContentBlock') ?? [])('a thought with %s comes whole', async (member) => {
    const supply = words();
    const block = { reasoningContent: model?.example('ReasoningContentBlock', supply, member) };
    expectWhole(await told(answering, asJson(answerWith([block])), false), supply, member);
  });

  test.each(model?.membersOf('ReasoningContentBlockDelta') ?? [])('a piece of a thought with %s comes whole', async (member) => {
    const supply = words();
    const delta = { reasoningContent: model?.example('ReasoningContentBlockDelta', supply, member) };
    expectWhole(await told(answering, asFrames([['contentBlockDelta', { contentBlockIndex: 0, delta }], ...END]), true), supply, member);
  });

  test.each(model?.membersOf('ContentBlockDelta') ?? [])('a piece with %s comes whole', async (member) => {
    const supply = words();
    const delta = model?.example('ContentBlockDelta', supply, member);
    const start = member === 'toolUse' ? model?.example('ContentBlockStart', supply) : {};
    const events: Events = [
      ['messageStart', { role: 'assistant' }],
      ['contentBlockStart', { contentBlockIndex: 0, start }],
      ['contentBlockDelta', { contentBlockIndex: 0, delta }],
      ...END,
    ];
    const answer = await told(answering, asFrames(events), true);
    expectWhole(answer, supply, member);
  });

  test.each(['output', 'usage', 'metrics', 'performanceConfig'])('an answer is read with any %s', async (member) => {
    const whole = model?.example('ConverseResponse', words()) as JsonObject;
    const answer = await told(answering, asJson({ ...answerWith([{ text: 'A' }]), ...(member === 'output' ? {} : { [member]: whole[member] }) }), false);
    expect([answer.text, answer.isComplete]).toEqual(['A', true]);
  });

  test('what a guardrail has found comes whole, and what was asked for besides', async () => {
    const only = words();
    const beside = {
      trace: { guardrail: { actionReason: only.next() } },
      additionalModelResponseFields: { a: only.next() },
      performanceConfig: { latency: 'optimized' },
    };
    expect(model?.membersOf('ConverseResponse')).toEqual(expect.arrayContaining(Object.keys(beside)));
    expectWhole(await told(answering, asJson({ ...answerWith([{ text: 'A' }]), ...beside }), false), only, 'whole');
    const { additionalModelResponseFields: fields, ...rest } = beside;
    const events: Events = [
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'A' } }],
      ['messageStop', { stopReason: 'end_turn', additionalModelResponseFields: fields }],
      ['metadata', { usage, ...rest }],
    ];
    expectWhole(await told(answering, asFrames(events), true), only, 'stream');
  });

  test('every reason for an end is one that clients know, and stays under its own name', async () => {
    for (const reason of [...(model?.wordsOf('StopReason') ?? []), 'malformed_tool_use', 'a_new_one']) {
      const whole = await told(answering, asJson({ ...answerWith([{ text: 'A' }]), stopReason: reason }), false);
      const stream = await told(
        answering,
        asFrames([
          ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'A' } }],
          ['messageStop', { stopReason: reason }],
          ['metadata', { usage }],
        ]),
        true,
      );
      for (const answer of [whole, stream]) {
        expectWhole(answer, words(), reason);
        expect(answer.whole).toContain(`"native_finish_reason":"${reason}"`);
      }
      expect(stream.finish).toBe(whole.finish);
    }
  });

  const failures = (model?.membersOf('ConverseStreamOutput') ?? []).filter((member) => member.endsWith('Exception'));

  test.each(failures)('%s in a stream is what it is before one', async (name) => {
    const supply = words();
    const body = { ...(model?.example(name.charAt(0).toUpperCase() + name.slice(1), supply) as JsonObject), message: 'About it' };
    const inside = await told(answering, asFrames([['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'A' } }]], [name, body]), true);
    const alone = await told(answering, { ...asJson(body, 400), headers: { 'content-type': 'application/json', 'x-amzn-errortype': name } }, false);
    expect([inside.isComplete, inside.error?.message]).toEqual([false, 'About it']);
    expect([inside.error?.code, inside.error?.type]).toEqual([alone.error?.code, alone.error?.type]);
  });

  test('what nobody knows yet breaks nothing', async () => {
    const events: Events = [
      ['messageStart', { role: 'assistant' }],
      ['aNewEvent', { contentBlockIndex: 4, p: 'abc' }],
      ['contentBlockStart', { contentBlockIndex: 0, start: { aNewBlock: { a: 1 } } }],
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { aNewBlock: { b: 2 } } }],
      ['contentBlockDelta', { contentBlockIndex: 1, delta: { text: 'A' } }],
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['contentBlockStop', { contentBlockIndex: 9 }],
      ...END,
    ];
    const answer = await told(answering, asFrames(events), true);
    expect([answer.text, answer.finish, answer.isComplete]).toEqual(['A', 'stop', true]);
    expect(answer.whole).toContain('"provider_content":[{"aNewBlock":{"a":1,"b":2}}]');
  });
});

type Events = readonly (readonly [string, JsonObject])[];

const END: Events = [
  ['contentBlockStop', { contentBlockIndex: 0 }],
  ['messageStop', { stopReason: 'end_turn' }],
  ['metadata', { usage }],
];

function answerWith(content: readonly unknown[]): JsonObject {
  return { output: { message: { role: 'assistant', content } }, stopReason: 'end_turn', usage, metrics: { latencyMs: 3 } };
}

function asFrames(events: Events, failure?: readonly [string, JsonObject]): Recording {
  const frames = [
    ...events.map(([name, data]) => frame({ ':message-type': 'event', ':event-type': name }, data)),
    ...(failure ? [frame({ ':message-type': 'exception', ':exception-type': failure[0] }, failure[1])] : []),
  ];
  return { status: 200, headers: { 'content-type': 'application/vnd.amazon.eventstream' }, body: Buffer.concat(frames) };
}

function frame(named: Readonly<Record<string, string>>, data: JsonObject): Uint8Array {
  const headers = Object.fromEntries(
    Object.entries({ ...named, ':content-type': 'application/json' }).map(([name, value]) => [name, { type: 'string' as const, value }]),
  );
  return codec.encode({ headers, body: Buffer.from(JSON.stringify(data)) });
}
