import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { JsonObject } from '@sluice/core';
import { ask, readTold, type Recording } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { providerNamed } from '../support/provider-named.ts';
import { sharedPath } from '../support/shared.ts';

/** Folders of answers without their requests, and the presets that read them. */
const HOSTS: readonly (readonly [folder: string, preset: string])[] = [
  ['alibaba', 'dashscope'],
  ['deepseek/chat', 'deepseek'],
  ['groq', 'groq'],
  ['mistral', 'mistral'],
  ['moonshotai', 'moonshot'],
  ['openai/chat', 'openai'],
  ['openai-compatible/chat', 'openai'],
  ['perplexity', 'perplexity'],
  ['xai', 'xai'],
];
const FINISH = ['stop', 'length', 'tool_calls', 'content_filter'];

describe('answers kept by another project', () => {
  for (const [folder, preset] of HOSTS) {
    const path = sharedPath('recordings', 'vercel-ai', folder);
    test(folder, async (ctx) => {
      if (path === undefined) return ctx.skip('no recordings beside the checkout');
      const files = readdirSync(path).filter((file) => /(\.chunks\.txt|\.json)$/.test(file) && !/transcription|error/.test(file));
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) await check(preset, join(path, file));
    });
  }
});

async function check(preset: string, path: string): Promise<void> {
  const text = readFileSync(path, 'utf8');
  const stream = path.endsWith('.txt');
  const parts = (stream ? text.split('\n').filter((line) => line !== '') : [text]).map((part) => JSON.parse(part) as JsonObject);
  const recording = stream ? asStream(text) : { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) };
  const request = { model: 'm', messages: [{ role: 'user', content: 'x' }], ...(stream && { stream: true, stream_options: { include_usage: true } }) };

  const answered = await ask({ provider: providerNamed(preset), operation: 'chat', request, recording });
  const told = readTold(answered.contentType, answered.text);
  expect([basename(path), told.isComplete, told.error]).toEqual([basename(path), true, undefined]);
  expect(FINISH).toContain(told.finish);
  for (const call of told.toolCalls) expect(JSON.parse(call.arguments || '{}')).toBeTypeOf('object');
  expect(told.text !== '' || told.toolCalls.length > 0).toBe(true);
  const usage = parts.findLast((part) => part.usage)?.usage as JsonObject | undefined;
  expect(told.usage?.prompt_tokens).toBe(usage?.prompt_tokens);
  expect(answered.usage?.inputTokens).toBe(usage?.prompt_tokens);
  // xAI counts reasoning beside the output.
  expect(answered.usage?.outputTokens).toBe((usage?.total_tokens as number) - (usage?.prompt_tokens as number));
}

function asStream(lines: string): Recording {
  const events = lines.split('\n').filter((line) => line !== '');
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: Buffer.from([...events, '[DONE]'].map((event) => `data: ${event}\n\n`).join('')),
  };
}
