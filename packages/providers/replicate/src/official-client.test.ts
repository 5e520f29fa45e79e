import type { JsonObject, ModelRequest, Operation } from '@sluice/core';
import { ask, type Recording } from '@sluice/testing';
import Replicate from 'replicate';
import { expect, test } from 'vitest';
import { replicate } from './replicate.ts';

// The official client asks the same and reads the same in the same bytes as the mappings do.
type Sent = { readonly url: string; readonly body: JsonObject };

const MODEL = 'meta/meta-llama-3-8b-instruct';
const input = { prompt: 'Write a haiku' };
const urls = { get: 'https://api.replicate.com/v1/predictions/p1', stream: 'https://stream.replicate.com/v1/streams/abc' };

function json(body: unknown, status = 200): Recording {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

function official(answers: readonly Recording[]): { client: Replicate; sent: Sent[] } {
  const sent: Sent[] = [];
  const left = [...answers];
  const answer: typeof fetch = (url, init) => {
    if (init?.method === 'POST') sent.push({ url: String(url), body: JSON.parse(String(init.body)) as JsonObject });
    const { body, ...head } = left.shift() ?? json({}, 500);
    return Promise.resolve(new Response(Buffer.from(body), head));
  };
  return { client: new Replicate({ auth: 'r8_0123456789', fetch: answer, useFileOutput: false }), sent };
}

async function ours(operation: Operation, request: Partial<ModelRequest>, answers: readonly Recording[]): Promise<{ sent: Sent; text: string }> {
  const [recording, ...before] = [...answers].reverse();
  if (!recording) throw new Error('Nothing to answer with');
  const asking = {
    provider: replicate({ env: {} }),
    operation,
    request: { model: 'm', ...request },
    recording,
    before: before.reverse(),
    deployment: { model: MODEL },
  };
  const { sent, text } = await ask(asking);
  return { sent: { url: sent?.url ?? '', body: JSON.parse(String(sent?.body)) as JsonObject }, text };
}

test('a whole answer', async () => {
  const answers = [json({ id: 'p1', status: 'starting', urls }, 201), json({ id: 'p1', status: 'succeeded', output: ['Sun', ' and', ' rain'], urls })];
  const { client, sent } = official(answers);
  const theirs = (await client.run(MODEL, { input, wait: { mode: 'poll' } })) as string[];
  const { sent: own, text } = await ours('completions', { prompt: input.prompt }, answers);
  expect([own]).toEqual(sent);
  expect((JSON.parse(text) as { choices: { text: string }[] }).choices[0]?.text).toBe(theirs.join(''));
});

test('a stream', async () => {
  const events = ['Sun', '\n', '', ' and 😀'].map(
    (text) =>
      `event: output\nid: 1:0\n${text
        .split('\n')
        .map((line) => `data: ${line}\n`)
        .join('')}\n`,
  );
  const stream: Recording = { status: 200, headers: { 'content-type': 'text/event-stream' }, body: Buffer.from(`${events.join('')}event: done\ndata: {}\n\n`) };
  const answers = [json({ id: 'p1', status: 'starting', urls }, 201), stream];
  let theirs = '';
  for await (const event of official(answers).client.stream(MODEL, { input })) theirs += String(event);
  const { text } = await ours('completions', { prompt: input.prompt, stream: true }, answers);
  const chunks = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => JSON.parse(data) as { choices: { text: string }[] });
  expect(chunks.flatMap(({ choices }) => choices.map((choice) => choice.text)).join('')).toBe(theirs);
});
