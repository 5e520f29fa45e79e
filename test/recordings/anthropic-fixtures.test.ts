import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@sluice/core';
import { anthropic } from '@sluice/provider-anthropic';
import { type Answered, ask, readTold, type Recording } from '@sluice/testing';
import { expect, test } from 'vitest';
import { sharedPath } from '../support/shared.ts';

const folder = sharedPath('recordings', 'vercel-ai', 'anthropic');
const files = folder === undefined ? [] : readdirSync(folder).filter((name) => /\.(json|chunks\.txt)$/.test(name));

/** Two messages in one stream: whose answer would it be? */
const SPLICED = 'spliced-message-start.chunks.txt';

type Block = { readonly type: string; readonly text?: string; readonly name?: string };

function asking(streams: boolean, recording: Recording): Promise<Answered> {
  const request = { model: 'm', messages: [{ role: 'user', content: 'recorded' }], ...(streams && { stream: true, stream_options: { include_usage: true } }) };
  return ask({ provider: anthropic({ env: {} }), operation: 'chat', request, recording });
}

test('the answers of Messages that others keep as fixtures are there', (ctx) => {
  if (files.length === 0) ctx.skip('no fixtures beside the checkout');
});

test.each(files.filter((name) => name.endsWith('.json')))('%s', async (name) => {
  const body = readFileSync(join(folder ?? '', name));
  const { content, usage } = JSON.parse(body.toString()) as { readonly content: readonly Block[]; readonly usage: JsonObject };
  const answered = await asking(false, { status: 200, headers: { 'content-type': 'application/json' }, body });
  const told = readTold(answered.contentType, answered.text);
  expect(told.text).toBe(textOf(content));
  expect(told.toolCalls.map((call) => call.name)).toEqual(callsIn(content));
  expect(told.usage?.completion_tokens).toBe(usage.output_tokens);
});

test.each(files.filter((name) => name.endsWith('.chunks.txt')))('%s', async (name) => {
  const all = readFileSync(join(folder ?? '', name), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'));
  // Some hold the streams of several calls.
  const lines = all.slice(0, all.findIndex((line) => line.includes('"type":"message_stop"')) + 1);
  const events = lines.map(
    (line) => JSON.parse(line) as { readonly type: string; readonly content_block?: Block; readonly delta?: { readonly text?: string } },
  );
  const wire = lines.map((line, index) => `event: ${events[index]?.type}\ndata: ${line}\n\n`).join('');
  const answered = await asking(true, { status: 200, headers: { 'content-type': 'text/event-stream' }, body: Buffer.from(wire) });
  const told = readTold(answered.contentType, answered.text);
  if (name === SPLICED) {
    expect(told.error).toMatchObject({ code: 'upstream_invalid_answer' });
    return;
  }
  expect(told.isComplete, answered.text).toBe(true);
  const blocks = events.flatMap(({ content_block: block }) => block ?? []);
  expect(told.text).toBe(textOf(blocks) + events.map(({ delta }) => delta?.text ?? '').join(''));
  expect(told.toolCalls.map((call) => call.name)).toEqual(callsIn(blocks));
  for (const { arguments: given } of told.toolCalls) expect(JSON.parse(given)).toBeTypeOf('object');
});

function textOf(blocks: readonly Block[]): string {
  return blocks.map(({ type, text }) => (type === 'text' ? text : '')).join('');
}

function callsIn(blocks: readonly Block[]): (string | undefined)[] {
  return blocks.filter(({ type }) => type === 'tool_use').map(({ name }) => name);
}
