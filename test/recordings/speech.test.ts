import type { JsonObject } from '@sluice/core';
import { deepgram, xaiAudio } from '@sluice/provider-speech';
import { ask } from '@sluice/testing';
import { describe, expect, test } from 'vitest';
import { recordedIn, recordingOf } from '../support/recordings.ts';

type Heard = { readonly words: readonly { readonly word: string }[]; readonly segments: readonly { readonly speaker?: string; readonly text: string }[] };

describe('what Deepgram was asked', () => {
  const listened = recordedIn('deepgram/listen');
  const spoken = recordedIn('deepgram/speak');

  test('is there', (ctx) => {
    if (listened.length + spoken.length === 0) ctx.skip('no recordings beside the checkout');
  });

  test.each(listened.map((exchange) => [exchange.id, exchange] as const))('%s is what the gateway asks', async (_, exchange) => {
    const query = new URL(exchange.request.url).searchParams;
    const isDiarized = query.has('diarize_model');
    const request = {
      model: 'm',
      response_format: isDiarized ? 'diarized_json' : 'verbose_json',
      'timestamp_granularities[]': 'word',
      ...(query.has('language') && { language: query.get('language') }),
    };
    const { sent, text } = await ask({
      provider: deepgram({ env: {} }),
      operation: 'audio.transcribe',
      request,
      recording: recordingOf(exchange),
      deployment: { model: query.get('model') ?? '' },
    });
    const asked = new URL(sent?.url ?? '').searchParams;
    asked.sort();
    query.sort();
    expect(String(asked)).toBe(String(query));
    const { words, segments } = JSON.parse(text) as Heard;
    if (isDiarized) expect(new Set(segments.map(({ speaker }) => speaker))).toEqual(new Set(['A']));
    else expect(words.length).toBeGreaterThan(5);
    expect(segments.map(({ text: said }) => said).join(' ').length).toBeGreaterThan(50);
  });

  test.each(spoken.map((exchange) => [exchange.id, exchange] as const))('%s is what the gateway asks', async (_, exchange) => {
    const { text } = exchange.request.json as JsonObject;
    const query = new URL(exchange.request.url).searchParams;
    const { sent, usage } = await ask({
      provider: deepgram({ env: {} }),
      operation: 'audio.speech',
      request: { model: 'm', input: text, voice: 'thalia' },
      recording: recordingOf(exchange),
      deployment: { model: 'aura-2' },
    });
    const asked = new URL(sent?.url ?? '').searchParams;
    asked.sort();
    query.sort();
    expect([String(asked), sent?.body]).toEqual([String(query), JSON.stringify({ text })]);
    expect(usage?.characters).toBe(String(text).length);
  });
});

test('what xAI was asked to say is what the gateway asks', async (ctx) => {
  const [exchange] = recordedIn('xai/tts');
  if (!exchange) return ctx.skip('no recordings beside the checkout');
  const request = { model: 'm', input: (exchange.request.json as JsonObject).text };
  const { sent } = await ask({ provider: xaiAudio({ env: {} }), operation: 'audio.speech', request, recording: recordingOf(exchange) });
  expect([sent?.url, JSON.parse(String(sent?.body))]).toEqual([exchange.request.url, exchange.request.json]);
});
