import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../types/json.ts';
import { chatSchema } from './chat-schema.ts';
import { isPlainChat } from './plain-chat.ts';

const plain = { model: 'some-model', messages: [{ role: 'user', content: 'Hello' }], temperature: 0.2, max_tokens: 20, stream: true };

describe('isPlainChat', () => {
  it('knows an ordinary chat, with or without fields that nobody here knows', () => {
    expect(isPlainChat(plain)).toBe(true);
    expect(isPlainChat({ ...plain, some_new_field: 'x' })).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ['tools', { ...plain, tools: [] }],
    ['parts', { ...plain, messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] }],
    ['tool calls', { ...plain, messages: [{ role: 'assistant', content: '', tool_calls: [] }] }],
    ['nesting of any depth', { ...plain, some_new_field: {} }],
    ['null', { ...plain, temperature: null }],
    ['a missing role', { ...plain, messages: [{ content: 'Hello' }] }],
    ['no messages', { ...plain, messages: [] }],
    ['a missing model', { messages: plain.messages }],
  ])('leaves %s to the schema', (_, request) => {
    expect(isPlainChat(request)).toBe(false);
  });

  it('never calls plain what the schema refuses', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined), fc.array(fc.string()), fc.object());
    const message = fc.oneof(value, fc.record({ role: fc.oneof(fc.constantFrom('user', 'tool'), value), content: value, name: value }, { requiredKeys: [] }));
    const fields = Object.fromEntries(Object.keys(chatSchema.shape).map((field) => [field, value]));
    const request = fc.record({ ...fields, model: fc.oneof(fc.constant('m'), value), messages: fc.oneof(fc.array(message), value) }, { requiredKeys: [] });
    fc.assert(
      fc.property(request, (candidate) => {
        if (isPlainChat(candidate)) expect(chatSchema.safeParse(candidate).success).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
