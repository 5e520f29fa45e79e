import { describe, expect, it } from 'vitest';
import { LazyJson } from '../stream/lazy-json.ts';
import type { JsonObject } from '../types/json.ts';
import { isVisible } from './is-visible.ts';

const seen = (...events: JsonObject[]): boolean => isVisible({ events: events.map((event) => LazyJson.ofValue(event)) });
const chunk = (choice: JsonObject): JsonObject => ({ object: 'chat.completion.chunk', choices: [choice] });

describe('visible', () => {
  it.each([
    ['words', chunk({ delta: { content: 'x' } })],
    ['thoughts', chunk({ delta: { reasoning_content: 'x' } })],
    ['sound', chunk({ delta: { audio: { id: 'a' } } })],
    ['a tool', chunk({ delta: { role: 'assistant', tool_calls: [{ index: 0, function: { name: 'f', arguments: '' } }] } })],
    ['an end', chunk({ delta: {}, finish_reason: 'stop' })],
    ['a completion', chunk({ text: 'x', finish_reason: null })],
    ['an event of another shape', { type: 'response.created' }],
  ])('is %s', (_, event) => {
    expect(seen(chunk({ delta: { role: 'assistant', content: '' } }), event)).toBe(true);
  });

  it.each([
    ['whose turn it is', chunk({ delta: { role: 'assistant', content: '', refusal: null }, finish_reason: null })],
    ['an empty list of tools', chunk({ delta: { tool_calls: [] } })],
    ['usage alone', { choices: [], usage: { prompt_tokens: 3 } }],
    ['an empty completion', chunk({ text: '', finish_reason: null })],
  ])('is not %s', (_, event) => {
    expect(seen(event)).toBe(false);
  });
});
