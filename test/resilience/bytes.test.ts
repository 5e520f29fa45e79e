import { createGateway, type Gateway, type Provider } from '@sluice/core';
import { openaiCompatible } from '@sluice/provider-openai';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, group, toTold } from './support.ts';

// No socket: what matters is where the bytes are cut, and sockets cut where they like.
let answer: readonly Uint8Array[] = [];
let gateway: Gateway;

beforeAll(() => {
  const provider: Provider = {
    ...openaiCompatible({ name: 'upstream', baseUrl: 'http://127.0.0.1:1/v1' }),
    send: () => Promise.resolve({ status: 200, headers: { 'content-type': 'text/event-stream' }, body: piecewise(answer) }),
  };
  gateway = createGateway({ auth: false, providers: [provider], models: [group('m', ['http://127.0.0.1:1/v1'])], router: { retries: 0 } });
});

afterAll(() => gateway.close());

async function told(pieces: readonly Uint8Array[]): Promise<string> {
  answer = pieces;
  const { text, isDone, error } = toTold(await ask(gateway, 'm'));
  expect([isDone, error]).toEqual([true, undefined]);
  return text;
}

it('gives the same text wherever the bytes are cut in two (P21)', async () => {
  const words = ['naïve ', '漢字 ', '👩‍👩‍👧 ', '\r\n', '\\u0000 "quoted" \u2028', 'data: [DONE]\n\n'];
  for (const end of ['\n', '\r\n', '\r']) {
    const bytes = streamOf(words, end, true);
    for (let at = 0; at <= bytes.length; at += 1) expect([at, await told([bytes.subarray(0, at), bytes.subarray(at)])]).toEqual([at, words.join('')]);
  }
}, 60_000);

it('gives the same text for any words, line ends and cuts (P21)', async () => {
  const words = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('\n\n', 'data: ', '\r', '[DONE]', '{"error":"no"}')), {
    minLength: 1,
    maxLength: 12,
  });
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(words, fc.constantFrom('\n', '\r\n', '\r'), fc.boolean(), sizes, async (content, end, isNoisy, cuts) => {
      expect(await told(cut(streamOf(content, end, isNoisy), cuts))).toBe(content.join(''));
    }),
    { numRuns: 500 },
  );
}, 60_000);

/** Noise is what the format allows and readers have to skip: comments, other fields, data over several lines. */
function streamOf(words: readonly string[], end: string, isNoisy: boolean): Buffer {
  const events = words.map((content, index) => {
    const json = JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content } }] });
    const lines = isNoisy && index % 3 === 1 ? [`data:${json.slice(0, 6)}`, `data: ${json.slice(6)}`] : [`data: ${json}`];
    return [...(isNoisy && index % 2 === 0 ? [': comment', 'id: 7', 'retry: 10'] : []), ...lines, ''].map((line) => line + end).join('');
  });
  return Buffer.from(`${events.join('')}data: [DONE]${end}${end}`);
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const end = at + (sizes[index % sizes.length] as number);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

async function* piecewise(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
