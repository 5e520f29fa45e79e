import { ANSWER_TEXT, type FaultUpstream, faultUpstream } from '@sluice/testing';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@sluice/core/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, group, openGateway, toTold } from './support.ts';

let upstream: FaultUpstream;

beforeAll(async () => {
  upstream = await faultUpstream();
});

beforeEach(() => upstream.reset());
afterAll(() => upstream.close());

const chatBody = () =>
  JSON.stringify({ id: 'c', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }] });

const whole = { text: ANSWER_TEXT, isDone: true, error: undefined };

describe('deadlines', () => {
  it('end a call with all its tries, wherever it stands (P33)', async () => {
    const silent = upstream.urlOf({ kind: 'silent' });
    const gateway = openGateway([group('m', [silent, silent, silent], { fallbacks: ['n'] }), group('n', [silent])], {
      timeoutMs: 400,
      router: { retries: 5, backoffMs: 1, deadlineMs: 1_000 },
    });
    const startedAt = performance.now();
    expect(toTold(await ask(gateway, 'm'))).toMatchObject({ error: 'upstream_timeout' });
    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeGreaterThanOrEqual(990);
    expect(tookMs).toBeLessThan(1_900);
    await gateway.close();
  });

  it('cut a stream that has begun, with an event', async () => {
    const gateway = openGateway([group('m', [upstream.urlOf({ kind: 'stall', at: 700 })])], { router: { deadlineMs: 400 } });
    expect(toTold(await ask(gateway, 'm'))).toMatchObject({ isDone: false, error: 'upstream_timeout' });
    await gateway.close();
  });

  it('of a first token move on to another deployment', async () => {
    const [slow, sound] = group('m', [upstream.urlOf({ kind: 'stall', at: 100 }), upstream.urlOf({ kind: 'none' })]).deployments;
    if (!slow || !sound) throw new Error('no deployments');
    const gateway = openGateway([
      {
        name: 'm',
        deployments: [
          { ...slow, firstTokenTimeoutMs: 200, order: 0 },
          { ...sound, order: 1 },
        ],
      },
    ]);
    const startedAt = performance.now();
    const answered = await ask(gateway, 'm');
    expect(toTold(answered)).toEqual(whole);
    expect(answered.headers.get('x-sluice-attempted-retries')).toBe('1');
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    await gateway.close();
  });
});

describe('the head of a stream', () => {
  it('leaves before the answer, and a fallback still answers behind it (P25)', async () => {
    const silent = upstream.urlOf({ kind: 'silent' });
    const gateway = openGateway([group('m', [silent], { fallbacks: ['n'] }), group('n', [upstream.urlOf({ kind: 'none' })])], {
      timeoutMs: 600,
      streamHeadAfterMs: 100,
      router: { retries: 0 },
    });
    const startedAt = performance.now();
    const response = await gateway.fetch('http://x/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Say it' }] }),
    });
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(toTold({ status: response.status, headers: response.headers, body: await response.text() })).toEqual(whole);
    await gateway.close();
  });

  it('makes what fails behind it an event, and a caller who leaves cancels upstream (P19)', async () => {
    const gateway = openGateway([group('m', [upstream.urlOf({ kind: 'silent' })])], { timeoutMs: 400, streamHeadAfterMs: 50, router: { retries: 0 } });
    expect(toTold(await ask(gateway, 'm'))).toMatchObject({ isDone: false, error: 'upstream_timeout', text: '' });
    upstream.reset();
    const leaver = new AbortController();
    const asked = ask(gateway, 'm', { signal: leaver.signal }).catch(() => 'left');
    await new Promise((resolve) => setTimeout(resolve, 150));
    leaver.abort();
    expect(await asked).toBe('left');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(upstream.requests.every(({ closedAt }) => closedAt !== undefined)).toBe(true);
    await gateway.close();
  });

  it('is followed by comments while upstream is silent, never fifteen seconds without one (P25)', async () => {
    const gateway = openGateway([group('m', [upstream.urlOf({ kind: 'silent' })])], { timeoutMs: 18_000, streamHeadAfterMs: 200, router: { retries: 0 } });
    const server = createServer((req, res) => void serve(gateway.handle, req, res, {}));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Say it' }] }),
    });
    const reader = response.body?.getReader();
    const gaps: number[] = [];
    let text = '';
    for (let last = performance.now(); ; last = performance.now()) {
      const read = await reader?.read();
      if (!read || read.done) break;
      gaps.push(performance.now() - last);
      text += Buffer.from(read.value).toString();
    }
    expect(Math.max(...gaps)).toBeLessThan(15_500);
    expect(text).toMatch(/^: keep-alive\n\n/);
    expect(text).toContain('upstream_timeout');
    await new Promise((resolve) => server.close(resolve));
    await gateway.close();
  }, 40_000);
});

describe('deployments with so many places', () => {
  const limited = (name: string, url: string, parallelCalls: number) => ({
    name,
    deployments: group(name, [url]).deployments.map((deployment) => ({ ...deployment, parallelCalls })),
  });

  it('are never asked for more at once, and the rest wait (P16)', async () => {
    let [now, most] = [0, 0];
    const server = createServer((_, res) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now -= 1;
        res.writeHead(200, { 'content-type': 'application/json' }).end(chatBody());
      }, 20);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const gateway = openGateway([limited('m', `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, 3)], { router: { queue: { maxLength: 20 } } });
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(gateway, 'm', { stream: false })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect([now, most]).toEqual([0, 3]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await gateway.close();
  }, 60_000);

  it('serve who waits by priority, those who do not say by the default one', async () => {
    const [asked, release]: [string[], (() => void)[]] = [[], []];
    const server = createServer((req, res) => {
      let body = '';
      req.on('data', (chunk) => (body += chunk));
      req.on('end', () => {
        asked.push((JSON.parse(body) as { readonly user: string }).user);
        release.push(() => void res.writeHead(200, { 'content-type': 'application/json' }).end(chatBody()));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const models = [limited('m', `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, 1)];
    const gateway = openGateway(models, { router: { queue: { maxLength: 3 }, defaultPriority: 5 } });
    const say = (user: string, priority?: number) =>
      gateway.chat.completions.create({ model: 'm', user, messages: [{ role: 'user', content: 'x' }], ...(priority !== undefined && { priority }) });
    const calls = [say('first')];
    await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(1);
    calls.push(say('unsaid'), say('late', 9), say('soon', 1));
    await expect(say('too many')).rejects.toMatchObject({ code: 'deployments_busy' });
    for (let served = 0; served < 4; served += 1) {
      await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(served + 1);
      release[served]?.();
    }
    await Promise.all(calls);
    expect(asked).toEqual(['first', 'soon', 'unsaid', 'late']);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await gateway.close();
  }, 60_000);

  it('refuse when the line is full, and go to a fallback at once where there is one', async () => {
    const silent = upstream.urlOf({ kind: 'silent' });
    const gateway = openGateway([limited('m', silent, 1), { ...limited('f', silent, 1), fallbacks: ['n'] }, group('n', [upstream.urlOf({ kind: 'none' })])], {
      timeoutMs: 500,
      router: { queue: { maxLength: 0 }, retries: 0 },
    });
    const [first, second] = await Promise.all([ask(gateway, 'm'), ask(gateway, 'm')]);
    expect([toTold(first).error, toTold(second).error].sort()).toEqual(['deployments_busy', 'upstream_timeout']);
    const [, elsewhere] = await Promise.all([ask(gateway, 'f'), ask(gateway, 'f')]);
    expect(toTold(elsewhere)).toEqual(whole);
    await gateway.close();
  });
});
