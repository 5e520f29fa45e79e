import { connect, type Socket } from 'node:net';
import { atMost, exactly } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { percentile } from '../../support/percentile.ts';
import { startInstance } from '../support/fork-instance.ts';
import { groupOf } from '../support/group-of.ts';
import { mockUpstream } from '../support/mock-upstream.ts';
import { streamOf } from '../support/stream-of.ts';
import { ledgerCheck } from '../support/ledger-check.ts';

const LEAVES: Readonly<Record<string, (socket: Socket) => void>> = {
  FIN: (socket) => socket.destroy(),
  RST: (socket) => socket.resetAndDestroy(),
  'half-close': (socket) => socket.end(),
};
const MOMENTS = ['before the first token', 'inside the stream', 'before a complete answer'] as const;
/** Callers at the same time: few, so that they do not wait for each other. */
const TOGETHER = 10;

export const proof: Proof = {
  id: 'P19',
  promise: 'A caller who leaves closes the upstream',
  async prove(run) {
    const evidence: Evidence[] = [];
    for (const how of Object.keys(LEAVES)) evidence.push(await leave(run, how));
    return evidence;
  },
};

async function leave(run: Run, how: string): Promise<Evidence> {
  const callers = run.scaled(1_000, 12);
  const leftAt = new Map<string, number>();
  const took: number[] = [];
  const upstream = await mockUpstream((res, { body }) => {
    const { user, stream } = JSON.parse(body) as { readonly user: string; readonly stream?: boolean };
    res.on('close', () => took.push(performance.now() - (leftAt.get(user) ?? Number.NaN)));
    if (stream && user.startsWith('1:')) streamOf(res, { words: 10_000, everyMs: 20 });
  });
  const instance = await startInstance(run, { models: [groupOf('m', [upstream.url])] });
  try {
    for (let first = 0; first < callers; first += TOGETHER) {
      const batch = Array.from({ length: Math.min(TOGETHER, callers - first) }, (_, index) => first + index);
      const before = upstream.arrivals.length;
      const sockets = batch.map((index) => speak(instance.url, `${index % MOMENTS.length}:${index}`, index % MOMENTS.length < 2));
      await until(() => upstream.arrivals.length === before + batch.length);
      await new Promise((resolve) => setTimeout(resolve, 60));
      for (const [at, socket] of sockets.entries()) {
        leftAt.set(`${(first + at) % MOMENTS.length}:${first + at}`, performance.now());
        LEAVES[how]?.(socket);
      }
      await until(() => took.length === before + batch.length);
      for (const socket of sockets) socket.destroy();
    }
    return {
      test: `callers leave by ${how}: ${MOMENTS.join(', ')}`,
      n: callers,
      checks: [
        atMost('upstream closed after, p99', percentile(took, 0.99), 100, { unit: 'ms', bearable: 2_000 }),
        exactly('closed', took.filter((ms) => ms >= 0).length, callers),
        await ledgerCheck({ instances: [instance], isShared: false, calls: callers, upstreams: [upstream] }),
      ],
    };
  } finally {
    await instance.close();
    await upstream.close();
  }
}

/** A caller without a client in between, so that nothing but the socket says that it has left. */
function speak(url: string, user: string, stream: boolean): Socket {
  const { port, hostname } = new URL(url);
  const body = JSON.stringify({ model: 'm', user, stream, messages: [{ role: 'user', content: 'Say it' }] });
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true }, () => {
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
  socket.on('error', () => undefined);
  return socket.resume();
}

async function until(isTrue: () => boolean): Promise<void> {
  for (const endsAt = performance.now() + 10_000; performance.now() < endsAt && !isTrue(); ) await new Promise((resolve) => setTimeout(resolve, 2));
}
