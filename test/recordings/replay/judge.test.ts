import type { Answered } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { differences } from './judge.ts';
import type { Expected } from './recorded-host.ts';

function answered(status: number, body: object, usage?: Answered['usage']): Answered {
  const text = JSON.stringify(body);
  return { status, contentType: 'application/json', headers: new Headers(), bytes: Buffer.from(text), text, sent: undefined, usage, costNanoUsd: undefined };
}

const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
const reply = {
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi', reasoning_content: 'Hm', tool_calls: [call] }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 5 },
};
const right: Expected = {
  kind: 'told',
  text: 'Hi',
  toolCalls: [{ name: 'f', args: { a: 1 } }],
  finish: 'stop',
  hasThoughts: true,
  usage: { input: 3, output: [4, 5], cached: 1 },
};
const usage = { inputTokens: 3, outputTokens: 5, cachedInputTokens: 1 };

test('a right answer has no differences', () => {
  expect(differences(right, answered(200, reply, usage))).toEqual([]);
  expect(differences({ kind: 'json', body: { usage: { prompt_tokens: 3 } } }, answered(200, reply))).toEqual([]);
  expect(differences({ kind: 'error', status: 400, message: 'No' }, answered(400, { error: { message: 'No', type: 't', param: null, code: 'c' } }))).toEqual(
    [],
  );
});

describe('every difference is told', () => {
  test.each<[string, Partial<typeof right>]>([
    ['text', { text: 'Ho' }],
    ['tool calls', { toolCalls: [{ name: 'f', args: { a: 2 } }] }],
    ['finish reason', { finish: 'length' }],
    ['thoughts', { hasThoughts: false }],
    ['input counted', { usage: { input: 4, output: 5 } }],
    ['output counted', { usage: { input: 3, output: 6 } }],
    ['cached input counted', { usage: { input: 3, output: 5, cached: 0 } }],
  ])('%s', (what, change) => {
    expect(differences({ ...right, ...change } as Expected, answered(200, reply, usage)).join()).toContain(what);
  });

  test('of errors, bodies and bytes', () => {
    expect(differences({ kind: 'error', status: 429 }, answered(400, { error: { message: 'No' } }))).toHaveLength(2);
    expect(differences(right, answered(400, {}))).toHaveLength(1);
    expect(differences({ kind: 'json', body: { choices: [] } }, answered(200, reply))).toHaveLength(1);
    expect(differences({ kind: 'bytes', bytes: Buffer.from('x') }, answered(200, {}))).toHaveLength(2);
  });
});
