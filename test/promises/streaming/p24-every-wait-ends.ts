import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { faultProxy } from '@sluice/testing/servers';
import { between, exactly, none } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { blackHole } from '../support/black-hole.ts';
import { call } from '../support/call.ts';
import { groupOf } from '../support/group-of.ts';
import { openInstance } from '../support/instance.ts';
import { mockUpstream } from '../support/mock-upstream.ts';
import { streamOf } from '../support/stream-of.ts';
import { ledgerCheck } from '../support/ledger-check.ts';

type Case = { readonly name: string; readonly url: string; readonly port: number; readonly stream: boolean; readonly code: string };

export const proof: Proof = {
  id: 'P24',
  promise: 'Every wait has a deadline',
  lacks: () => (process.platform === 'linux' ? undefined : 'the sockets of the kernel are read from /proc, which Linux has'),
  async prove(run) {
    const [silent, hole, mute, stopDns] = [await mockUpstream(() => undefined), await blackHole(), await muteServer(), slowDns()];
    const flowing = await mockUpstream((res) => streamOf(res, { words: 40, everyMs: 1 }));
    const stalled = await faultProxy(flowing.port);
    stalled.fault = { kind: 'stall', at: 2_000 };
    const cases: readonly Case[] = [
      { name: 'an upstream that is silent', url: silent.url, port: silent.port, stream: false, code: 'upstream_timeout' },
      { name: 'an upstream that is silent, for a stream', url: silent.url, port: silent.port, stream: true, code: 'upstream_timeout' },
      { name: 'a stream that stalls', url: `http://127.0.0.1:${stalled.port}/v1`, port: stalled.port, stream: true, code: 'upstream_timeout' },
      { name: 'a port that drops connections', url: `http://127.0.0.1:${hole.port}/v1`, port: hole.port, stream: false, code: 'upstream_unreachable' },
      {
        name: 'a name that is not looked up in time',
        url: `http://slow.invalid:${silent.port}/v1`,
        port: silent.port,
        stream: false,
        code: 'upstream_unreachable',
      },
      { name: 'a server that is silent about TLS', url: `https://127.0.0.1:${mute.port}/v1`, port: mute.port, stream: false, code: 'upstream_unreachable' },
    ];
    try {
      const evidence: Evidence[] = [];
      for (const one of cases) evidence.push(await wait(run, one));
      return evidence;
    } finally {
      stopDns();
      hole.close();
      await Promise.all([silent.close(), mute.close(), stalled.close(), flowing.close()]);
    }
  },
};

async function wait(run: Run, { name, url, port, stream, code }: Case): Promise<Evidence> {
  const [deadline, callers] = [run.scaled(3, 0.5), run.scaled(50, 4)];
  const before = connectionsTo(port);
  const options = { models: [groupOf('m', [url])], router: { retries: 0 }, timeoutMs: deadline * 1000, idleTimeoutMs: deadline * 1000 };
  const instance = await openInstance({ ...options, upstream: { connectTimeoutMs: deadline * 1000 } });
  try {
    const answers = await Promise.all(Array.from({ length: callers }, () => call(instance.url, 'm', { stream })));
    const took = answers.map(({ longestSilenceMs }) => longestSilenceMs / 1000);
    const books = await ledgerCheck({ instances: [instance], isShared: false, calls: callers });
    await instance.close();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const low = deadline - 0.2;
    return {
      test: `${name}, with a deadline of ${deadline} s`,
      n: callers,
      checks: [
        between('ended after', [Math.min(...took), Math.max(...took)], [low, deadline + 0.2], { unit: 's', bearable: deadline + 3 }),
        none(
          `other ends than ${code}`,
          answers.filter(({ text }) => !text.includes(code)).map(({ text }) => text.slice(0, 120)),
          callers,
        ),
        exactly('sockets left', connectionsTo(port) - before, 0),
        books,
      ],
    };
  } finally {
    await instance.close();
  }
}

/** Sockets of this machine that are, or want to be, connected to a port: the kernel knows. */
function connectionsTo(port: number): number {
  const [SYN_SENT, ESTABLISHED, CLOSE_WAIT] = ['02', '01', '08'];
  const rows = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return rows.filter(([, , to = '', state = '']) => to.endsWith(`:${hex}`) && [SYN_SENT, ESTABLISHED, CLOSE_WAIT].includes(state)).length;
}

/** Looks up one name, and takes so long that nobody waits for it any more. The rest is as it was. */
function slowDns(): () => void {
  const own = dns.lookup;
  const slow = (name: string, ...rest: readonly unknown[]): void => {
    const [options, callback] = rest as [dns.LookupOptions, (error: null, found: unknown, family?: number) => void];
    if (name !== 'slow.invalid') return (own as (...args: readonly unknown[]) => void)(name, ...rest);
    setTimeout(() => (options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4)), 6_000).unref();
  };
  dns.lookup = slow as typeof dns.lookup;
  return () => {
    dns.lookup = own;
  };
}

/** Takes connections and says nothing. */
async function muteServer(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => void sockets.add(socket.on('error', () => undefined).resume()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
