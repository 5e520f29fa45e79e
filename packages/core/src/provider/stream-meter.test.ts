import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Json, JsonObject } from '../types/json.ts';
import { StreamMeter } from './stream-meter.ts';
import { readUsage } from './wire-usage.ts';

function chunk(delta: JsonObject, more: JsonObject = {}): JsonObject {
  return { id: 'c', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta, finish_reason: null }], ...more };
}

function event(value: JsonObject): Json<JsonObject> {
  return LazyJson.ofText(JSON.stringify(value));
}

function meterOf(...values: JsonObject[]): StreamMeter {
  const meter = new StreamMeter(readUsage);
  for (const value of values) meter.observe([event(value)]);
  return meter;
}

describe('StreamMeter', () => {
  it('counts alike whether an event repeats the last one or not', () => {
    const texts = ['', 'Hello', ', ', 'world', '!'.repeat(40)];
    const repeated = meterOf(...texts.map((content) => chunk({ content })));
    const changing = meterOf(...texts.map((content, index) => chunk({ content }, { created: index })));
    expect(repeated.tokens).toBe(changing.tokens);
    expect(repeated.tokens).toBe(Math.ceil(texts.join('').length / 4));
  });

  it('counts a text that holds quotes, or what looks like another event, as it is written', () => {
    const arbitrary = fc.array(fc.oneof(fc.string(), fc.constant('","content":"'), fc.constant('\\'), fc.constant('"},"finish_reason":null}]}')), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(arbitrary, (texts) => {
        const alone = texts.map((content) => meterOf(chunk({ content })).tokens);
        const together = meterOf(...texts.map((content) => chunk({ content }))).tokens;
        expect(together).toBeLessThanOrEqual(alone.reduce((sum, tokens) => sum + tokens, 0));
        expect(together).toBeGreaterThanOrEqual(texts.filter((text) => text !== '').length);
      }),
    );
  });

  it('sees usage between events that repeat', () => {
    const plain = chunk({ content: 'Hi' });
    const meter = meterOf(plain, plain, chunk({ content: 'Hi' }, { usage: { prompt_tokens: 3, completion_tokens: 2 } }), plain);
    expect(meter.usage).toEqual({ inputTokens: 3, outputTokens: 2 });
  });

  it('looks again when reasoning or a tool call begins', () => {
    const meter = meterOf(
      chunk({ content: 'a' }),
      chunk({ content: 'a' }),
      chunk({ reasoning_content: 'because of it' }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":"Oslo"}' } }] }),
    );
    expect(meter.tokens).toBe(Math.ceil((1 + 1 + 13 + 15) / 4));
  });
});
