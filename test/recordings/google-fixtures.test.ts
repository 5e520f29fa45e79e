import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, ModelRequest } from '@sluice/core';
import { gemini } from '@sluice/provider-google';
import { ask, readTold, type Recording } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../support/shared.ts';

const provider = gemini({ env: {} });

describe('answers of Gemini kept by another project', () => {
  const path = sharedPath('recordings', 'vercel-ai', 'google');
  const files = path === undefined ? [] : readdirSync(path).filter((file) => /^google-.*(\.chunks\.txt|\.json)$/.test(file));

  test('are there', (ctx) => {
    if (files.length === 0) ctx.skip('no recordings beside the checkout');
  });

  test.each(files)('%s', async (file) => {
    const text = readFileSync(join(path ?? '', file), 'utf8');
    const stream = file.endsWith('.txt');
    const events = (stream ? text.split('\n').filter((line) => line !== '') : [text]).map((event) => JSON.parse(event) as JsonObject);
    const request: ModelRequest = {
      model: 'm',
      messages: [{ role: 'user', content: 'x' }],
      ...(stream && { stream, stream_options: { include_usage: true } }),
    };
    const answered = await ask({ provider, operation: 'chat', request, recording: stream ? asStream(events) : asJson(events[0] ?? {}) });
    if (file.includes('-429-')) {
      expect([answered.status, answered.headers.get('retry-after')]).toEqual([429, '35']);
      return;
    }
    const told = readTold(answered.contentType, answered.text);
    expect([told.isComplete, told.error]).toEqual([true, undefined]);
    expect(told.finish).toBe(told.toolCalls.length > 0 ? 'tool_calls' : 'stop');
    expect(told.text !== '' || told.toolCalls.length > 0).toBe(true);
    for (const { arguments: given } of told.toolCalls) expect(Object.keys(JSON.parse(given) as object).length).toBeGreaterThan(0);
    const usage = events.at(-1)?.usageMetadata as { readonly promptTokenCount: number; readonly totalTokenCount: number };
    expect([told.usage?.prompt_tokens, told.usage?.total_tokens]).toEqual([usage.promptTokenCount, usage.totalTokenCount]);
    expect(answered.usage?.outputTokens).toBe(usage.totalTokenCount - usage.promptTokenCount);
  });
});

function asJson(body: JsonObject): Recording {
  return { status: 'error' in body ? 429 : 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

function asStream(events: readonly JsonObject[]): Recording {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')),
  };
}
