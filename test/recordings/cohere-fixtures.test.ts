import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cohere } from '@sluice/provider-cohere';
import { ask, readTold } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../support/shared.ts';

const provider = cohere({ env: {} });

describe('answers kept by another project', () => {
  const path = sharedPath('recordings', 'vercel-ai', 'cohere');
  const files = path === undefined ? [] : readdirSync(path).filter((file) => /^cohere-.*(?:chunks\.txt|\.json)$/.test(file) && !file.includes('embedding'));

  test('are there', (ctx) => {
    if (files.length === 0) ctx.skip('no recordings beside the checkout');
  });

  test.each(files)('%s', async (file) => {
    const text = readFileSync(join(path ?? '', file), 'utf8');
    const stream = file.endsWith('.txt');
    const lines = text.split('\n').filter((line) => line !== '');
    const body = stream ? lines.map((line) => `event: ${(JSON.parse(line) as { type: string }).type}\ndata: ${line}\n\n`).join('') : text;
    const answered = await ask({
      provider,
      operation: 'chat',
      request: { model: 'm', messages: [{ role: 'user', content: 'x' }], ...(stream && { stream }) },
      recording: { status: 200, headers: { 'content-type': stream ? 'text/event-stream' : 'application/json' }, body: Buffer.from(body) },
    });
    const told = readTold(answered.contentType, answered.text);
    expect([told.isComplete, told.error]).toEqual([true, undefined]);
    expect(told.finish).toBe(file.includes('max-tokens') ? 'length' : told.toolCalls.length > 0 ? 'tool_calls' : 'stop');
    for (const { arguments: given } of told.toolCalls) expect(JSON.parse(given)).toEqual({});
    if (!stream) expect(told.text).toBe((JSON.parse(text) as { message: { content: { text: string }[] } }).message.content[0]?.text);
    if (file.includes('citations'))
      expect(JSON.parse(answered.text)).toMatchObject({ choices: [{ message: { citations: [{ type: 'TEXT_CONTENT' }, {}, {}] } }] });
    expect(answered.usage?.outputTokens).toBeGreaterThan(0);
  });
});
