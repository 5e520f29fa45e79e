import { describe, expect, it } from 'vitest';
import type { Operation } from '../types/call.ts';
import { findFault } from './validate.ts';

const hello = { role: 'user', content: 'hi' };

describe('findFault', () => {
  it.each<[Operation, object]>([
    ['chat', { model: 'm', messages: [hello] }],
    [
      'chat',
      {
        model: 'm',
        messages: [
          { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }] },
          { role: 'tool', tool_call_id: 'a', content: '1' },
        ],
      },
    ],
    [
      'chat',
      {
        model: 'm',
        messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: '', format: 'wav' } }] }],
        stop: null,
        n: null,
        stream: null,
        max_tokens: null,
      },
    ],
    ['chat', { model: 'm', messages: [hello], unknown: { a: [1] }, response_format: { type: 'json_schema', json_schema: {} }, tool_choice: 'auto' }],
    ['completions', { model: 'm', prompt: ['a', 'b'], max_tokens: 0 }],
    ['embeddings', { model: 'm', input: [[1, 2], [3]] }],
    ['embeddings', { model: 'm', input: [1, 2] }],
    ['moderations', { model: 'm', input: [{ type: 'text', text: 'x' }] }],
    ['rerank', { model: 'm', query: 'q', documents: ['a', { text: 'b' }], top_n: 1, max_chunks_per_doc: null }],
    ['ocr', { model: 'm', document: { type: 'image_url', image_url: 'https://x.test/a.png' }, pages: [0, 3] }],
    ['tokens.count', { model: 'm', messages: [hello] }],
    ['images.generate', { model: 'm', prompt: 'a cat' }],
    ['audio.speech', { model: 'm', input: 'hi', voice: 'alloy' }],
    ['audio.transcribe', { model: 'm', stream: true }],
    ['responses', { model: 'm', input: 'hi', tools: [{ type: 'web_search' }], background: false }],
  ])('takes %s %j', (operation, request) => {
    expect(findFault(operation, request)).toBeUndefined();
  });

  it.each<[object, string | undefined, string]>([
    [{ messages: [hello] }, 'model', 'model is missing.'],
    [{ model: '', messages: [hello] }, 'model', 'model has to be a text that is not empty, not an empty text.'],
    [{ model: 7, messages: [hello] }, 'model', 'model has to be a text, not 7.'],
    [{ model: 'm', mesages: [hello] }, 'messages', "messages is missing. There is 'mesages': is that a slip?"],
    [{ model: 'm', messages: 'secret' }, 'messages', 'messages has to be a list, not a text.'],
    [{ model: 'm', messages: [] }, 'messages', 'messages has to be a list that is not empty, not an empty list.'],
    [{ model: 'm', messages: [null] }, 'messages[0]', 'messages[0] has to be an object, not null.'],
    [{ model: 'm', messages: [hello, hello, { role: 'user', content: 5 }] }, 'messages[2].content', 'messages[2].content has to be a text or a list, not 5.'],
    [
      { model: 'm', messages: [{ role: 'user', content: [{ type: 'text' }, { text: 'x' }] }] },
      'messages[0].content[1].type',
      'messages[0].content[1].type is missing.',
    ],
    [
      { model: 'm', messages: [{ role: 'asistant', content: '' }] },
      'messages[0].role',
      "messages[0].role has to be one of 'system', 'developer', 'user', 'assistant', 'tool', 'function', not 'asistant'. Did you mean 'assistant'?",
    ],
    [{ model: 'm', messages: [hello], temperature: '0.5' }, 'temperature', 'temperature has to be a number, not a text. Write it without the quotes.'],
    [{ model: 'm', messages: [hello], stream: 'true' }, 'stream', 'stream has to be true or false, not a text. Write it without the quotes.'],
    [{ model: 'm', messages: [hello], max_tokens: -1 }, 'max_tokens', 'max_tokens has to be at least 1, not -1.'],
    [{ model: 'm', messages: [hello], n: 1.5 }, 'n', 'n has to be a whole number, not 1.5.'],
    [{ model: 'm\r\nx', messages: [hello] }, 'model', 'model has to be a text without line breaks and other control characters, not a text.'],
    [{ model: 'm'.repeat(513), messages: [hello] }, 'model', 'model has to be at most 512 characters long, not a text.'],
    [{ model: 'm', messages: [hello], tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name', 'tools[0].function.name is missing.'],
  ])('refuses %j', (request, param, message) => {
    expect(findFault('chat', request)).toMatchObject({ code: 'invalid_request', param, message });
  });

  it('refuses what is no object', () => {
    for (const request of [null, 'x', 5, [], undefined]) expect(findFault('chat', request)).toMatchObject({ code: 'invalid_request' });
  });

  it('leaves the request alone, unknown fields and __proto__ included', () => {
    const request = JSON.parse('{"model":"m","messages":[{"role":"user","content":"x","extra":1}],"__proto__":{"polluted":true},"constructor":{}}') as object;
    const before = JSON.stringify(request);
    expect(findFault('chat', request)).toBeUndefined();
    expect(JSON.stringify(request)).toBe(before);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('stops at the first fault, so that a request of nothing but faults is no burden', () => {
    const many = (item: unknown) => Array.from({ length: 500_000 }, () => item);
    const startedAt = performance.now();
    expect(findFault('chat', { model: 'm', messages: many(1) })?.param).toBe('messages[0]');
    expect(findFault('chat', { model: 'm', messages: [{ role: 'user', content: many(1) }] })?.param).toBe('messages[0].content[0]');
    expect(findFault('embeddings', { model: 'm', input: many({}) })?.param).toBe('input[0]');
    expect(findFault('embeddings', { model: 'm', input: [...many(1), 'a'] })?.param).toBe('input[500000]');
    // Collecting every fault takes many seconds and hundreds of megabytes.
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it('refuses a nest that would overflow the stack of whoever walks it', () => {
    const deep = JSON.parse(`{"model":"m","messages":[{"role":"user","content":"x"}],"extra":${'['.repeat(100_000)}${']'.repeat(100_000)}}`) as object;
    expect(findFault('chat', deep)).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('128 levels') });
  });

  it('takes no call whose answer and cost would come later', () => {
    expect(findFault('responses', { model: 'm', input: 'hi', background: true })).toMatchObject({
      param: 'background',
      message: 'background has to be false (there is no route to fetch the answer by), not true.',
    });
  });
});
