import { replicate } from '@sluice/provider-replicate';
import { ask } from '@sluice/testing';
import { expect, test } from 'vitest';
import { recordedIn, recordingOf } from '../support/recordings.ts';

// Recorded steps of predictions, put together: how one begins, goes on and ends.
const recorded = new Map(recordedIn('replicate/predictions').map((exchange) => [exchange.id.replace('replicate-predictions-', ''), exchange]));
const provider = replicate({ env: {} });
const step = (id: string): ReturnType<typeof recordingOf> => {
  const exchange = recorded.get(id);
  if (!exchange) throw new Error(`There is no recording ${id}`);
  return recordingOf(exchange);
};

test('a picture, from the question to its address', async (ctx) => {
  if (recorded.size === 0) return ctx.skip('no recordings beside the checkout');
  const before = [step('32ff60c5'), step('40b12216')];
  const deployment = { model: 'stability-ai/sdxl:39ed52f2a78e934b3ba6e2a89f5b1c712de7dfea535525255b1aa35c5565e08b' };
  const request = { model: 'm', prompt: 'A chariot pulled by a team of two rainbow unicorns' };
  const { status, text, usage, sent } = await ask({ provider, operation: 'images.generate', request, before, recording: step('9b121ebf'), deployment });
  expect(status, text).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ data: [{ url: expect.stringMatching(/^https:\/\/replicate\.delivery\/.*\.png$/) as string }] });
  expect(usage).toMatchObject({ images: 1 });
  const { url, json } = recorded.get('32ff60c5')?.request ?? {};
  expect([sent?.url, JSON.parse(String(sent?.body))]).toEqual([url, json]);
});

test('a refused key', async (ctx) => {
  if (recorded.size === 0) return ctx.skip('no recordings beside the checkout');
  const { status, text } = await ask({ provider, operation: 'completions', request: { model: 'm', prompt: 'x' }, recording: step('430c5d0e') });
  expect([status, text]).toEqual([401, expect.stringContaining('You did not pass a valid authentication token') as string]);
});

test('every recorded answer that is under way is asked for again by its id', (ctx) => {
  const underWay = [...recorded.values()].filter(({ response }) =>
    /starting|processing/.test(String((response.json as { status?: unknown } | undefined)?.status)),
  );
  if (underWay.length === 0) return ctx.skip('no recordings beside the checkout');
  const call = {
    operation: 'chat' as const,
    request: { model: 'm' },
    deployment: { id: 'd', provider: 'replicate', model: 'm', baseUrl: 'https://api.replicate.com/v1' },
  };
  const { chat } = replicate({ env: {}, apiKey: 'k' }).operations;
  for (const { response } of underWay) {
    const { urls } = response.json as { urls: { get: string; cancel: string } };
    expect(chat?.follow?.(response.json, call)).toMatchObject({ wire: { url: urls.get }, cancel: { url: urls.cancel } });
  }
  expect(underWay.length).toBeGreaterThan(8);
});
