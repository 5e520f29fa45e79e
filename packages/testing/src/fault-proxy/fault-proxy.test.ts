import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultProxy, faultProxy } from './fault-proxy.ts';

const ANSWER = 'abcdefghij'.repeat(10);
let server: Server;
let proxy: FaultProxy;
const accepted = new Set<Socket>();
/** What the server was sent. */
let seen = '';

beforeEach(async () => {
  seen = '';
  server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      seen += chunk;
      if (seen.endsWith('!')) socket.end(ANSWER);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await faultProxy((server.address() as AddressInfo).port);
});

afterEach(async () => {
  await proxy.close();
  for (const socket of accepted) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

type Heard = { readonly text: string; readonly end: 'fin' | 'rst' | 'open'; readonly tookMs: number };

/** Says something, and listens for a while. */
function say(text: string, forMs = 400): Promise<Heard> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let heard = '';
    const socket: Socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.write(text));
    const done = (end: Heard['end']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text: heard, end, tookMs: performance.now() - startedAt });
    };
    const timer = setTimeout(() => done('open'), forMs);
    socket.on('data', (chunk) => (heard += chunk));
    socket.on('error', () => done('rst'));
    socket.on('end', () => done('fin'));
  });
}

describe('a fault proxy', () => {
  it('hands on what it is given, both ways', async () => {
    expect(await say('hello!')).toMatchObject({ text: ANSWER, end: 'fin' });
    expect(seen).toBe('hello!');
  });

  it.each(['fin', 'rst'] as const)('cuts the answer after so many bytes by %s, on both sides', async (how) => {
    for (const at of [0, 1, 37, 99]) {
      proxy.fault = { kind: 'cut', at, how };
      const { text, end } = await say('hello!');
      expect([at, ANSWER.slice(0, at).startsWith(text), end === 'open']).toEqual([at, true, false]);
      // What is on its way when a connection is reset may be lost, and behind what was not Node may tell a reset as an end.
      if (how === 'fin') expect([text.length, end]).toEqual([at, 'fin']);
      else if (at === 0) expect(end).toBe('rst');
    }
    await until(() => proxy.openConnections === 0);
  });

  it('cuts the request', async () => {
    proxy.fault = { kind: 'cut', at: 3, how: 'rst', way: 'request' };
    expect(await say('hello!')).toMatchObject({ text: '', end: 'rst' });
    expect('hel'.startsWith(seen)).toBe(true);
  });

  it('stalls, black-holes, and goes on where it is told to', async () => {
    proxy.fault = { kind: 'stall', at: 10 };
    expect(await say('hello!')).toMatchObject({ text: ANSWER.slice(0, 10), end: 'open' });
    proxy.fault = { kind: 'black-hole' };
    seen = '';
    expect(await say('hello!')).toMatchObject({ text: '', end: 'open' });
    expect(seen).toBe('');
    proxy.fault = { kind: 'none' };
    expect(await say('again!')).toMatchObject({ text: ANSWER });
  });

  it('closes one half', async () => {
    proxy.fault = { kind: 'half-close', at: 5 };
    expect(await say('hello!')).toMatchObject({ text: ANSWER.slice(0, 5), end: 'fin' });
  });

  it('delays and throttles', async () => {
    proxy.fault = { kind: 'delay', ms: 60 };
    expect((await say('hello!', 2_000)).tookMs).toBeGreaterThanOrEqual(118);
    proxy.fault = { kind: 'throttle', bytesPerSecond: 500 };
    const { text, tookMs } = await say('hello!', 5_000);
    expect(text).toBe(ANSWER);
    expect(tookMs).toBeGreaterThanOrEqual(180);
  });

  it('is gone when stopped, and back on the same port', async () => {
    const open = say('hello', 5_000);
    await until(() => proxy.openConnections === 1);
    await proxy.stop();
    expect((await open).end).toBe('rst');
    expect((await say('hello!')).end).toBe('rst');
    await proxy.restart();
    expect(await say('hello!')).toMatchObject({ text: ANSWER });
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  for (const endsAt = performance.now() + 5_000; performance.now() < endsAt && !isTrue(); ) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isTrue()).toBe(true);
}
