import { LLMock } from '@copilotkit/aimock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway } from '@sluice/core';
import { ask, group, openGateway, toTold } from './support.ts';

// A scripted provider by other hands than ours: it decides what fails, and its journal what was sent.
let first: LLMock;
let second: LLMock;
let gateway: Gateway;

beforeEach(async () => {
  first = new LLMock({ host: '127.0.0.1', port: 0, logLevel: 'silent' });
  second = new LLMock({ host: '127.0.0.1', port: 0, logLevel: 'silent' });
  await Promise.all([first.start(), second.start()]);
});

afterEach(async () => {
  await gateway.close();
  await Promise.all([first.stop(), second.stop()]);
});

const quick = { retries: 2, backoffMs: 1, maxBackoffMs: 2 };
const says = (content: string) => ({ content });
const fails = (status: number) => ({ error: { message: 'Scripted failure', type: 'server_error' }, status });
const v1 = (mock: LLMock) => `${mock.url}/v1`;

describe('a provider that fails, then succeeds', () => {
  it.each([true, false])('is asked again until it does (stream: %s)', async (stream) => {
    first.on({ sequenceIndex: 0 }, fails(500)).on({ sequenceIndex: 1 }, fails(503)).on({ sequenceIndex: 2 }, says('At last'));
    gateway = openGateway([group('m', [v1(first)])], { router: quick });
    const answered = await ask(gateway, 'm', { stream });
    expect(answered.status).toBe(200);
    expect(answered.body).toContain('At last'.slice(0, 2));
    expect(first.getRequests()).toHaveLength(3);
    expect(answered.headers.get('x-sluice-attempted-retries')).toBe('2');
  });
});

describe('chaos', () => {
  it('of dropped, malformed and cut answers is hidden by a sound deployment', async () => {
    first.on({}, says('Hello from the first')).setChaos({ dropRate: 0.3, malformedRate: 0.3, disconnectRate: 0.3 });
    second.on({}, says('Hello from the second'));
    gateway = openGateway([group('m', [v1(first), v1(second)])], { router: quick });
    for (let call = 0; call < 60; call += 1) {
      const stream = call % 2 === 0;
      const answered = await ask(gateway, 'm', { stream });
      expect([call, answered.status]).toEqual([call, 200]);
      const text = stream ? toTold(answered).text : (JSON.parse(answered.body) as { choices: { message: { content: string } }[] }).choices[0]?.message.content;
      expect(text).toMatch(/^Hello from the (first|second)$/);
    }
  });

  it('of rate limits sends everybody to the other deployment after the first refusal', async () => {
    first.on({}, says('first')).setChaos({ rateLimitRate: 1 });
    second.on({}, says('second'));
    gateway = openGateway([group('m', [v1(first), v1(second)])], { router: quick });
    for (let call = 0; call < 30; call += 1) expect((await ask(gateway, 'm')).status).toBe(200);
    expect(first.getRequests().length).toBeLessThanOrEqual(2);
  });

  it('on every side ends in one clear error', async () => {
    for (const mock of [first, second]) mock.on({}, says('never')).setChaos({ dropRate: 1 });
    gateway = openGateway([group('m', [v1(first)], { fallbacks: ['n'] }), group('n', [v1(second)])], { router: { ...quick, retries: 1 } });
    const answered = await ask(gateway, 'm', { stream: false });
    expect(answered.status).toBeGreaterThanOrEqual(500);
    expect(JSON.parse(answered.body)).toMatchObject({ error: { message: expect.stringMatching(/\(tried 'm': upstream_\w+, then 'n': upstream_\w+\)$/) } });
    expect([first.getRequests().length, second.getRequests().length]).toEqual([2, 2]);
  });
});

describe('a stream that is cut', () => {
  it('is told as broken and not begun again elsewhere', async () => {
    first.on({}, says('one two three four five six seven eight nine ten eleven twelve'), { truncateAfterChunks: 5, chunkSize: 4, latency: 20 });
    second.on({}, says('another answer'));
    gateway = openGateway([group('m', [v1(first)], { fallbacks: ['n'] }), group('n', [v1(second)])], { router: quick });
    const told = toTold(await ask(gateway, 'm'));
    expect(told.isDone).toBe(false);
    expect(told.error).toBe('upstream_stream_broken');
    expect('one two three four five six seven'.startsWith(told.text)).toBe(true);
    expect(second.getRequests()).toHaveLength(0);
  });
});

describe('fallbacks', () => {
  it("get the caller's request, under their own model name", async () => {
    first.on({}, fails(500));
    second.on({}, says('from the fallback'));
    gateway = openGateway([group('m', [v1(first)], { fallbacks: ['n'] }), group('n', [v1(second)])], { router: { ...quick, retries: 0 } });
    const answered = await ask(gateway, 'm', { stream: false });
    expect(answered.headers.get('x-sluice-model-group')).toBe('n');
    expect(second.getLastRequest()?.body).toMatchObject({ model: 'fault-1', messages: [{ role: 'user', content: 'Say it' }] });
  });
});
