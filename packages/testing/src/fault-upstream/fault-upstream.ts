import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { act } from './act.ts';
import { type Fault, readFault, toPath } from './fault.ts';
import { type ReadRequest, RequestReader } from './request-reader.ts';

/** What the upstream saw of one request. Times are of `performance.now()`. */
export type FaultRequest = ReadRequest & {
  readonly fault: Exclude<Fault, { kind: 'sequence' }>;
  readonly receivedAt: number;
  /** When its connection was closed, by whichever side; undefined while it is open. */
  closedAt: number | undefined;
};

/** A provider on a raw socket of this machine that misbehaves as told, and remembers what it saw: an oracle for tests. */
export type FaultUpstream = {
  /** Base URL of an OpenAI-speaking provider with this fault, without a slash at its end. */
  urlOf(fault: Fault): string;
  readonly requests: readonly FaultRequest[];
  readonly openConnections: number;
  /** Forgets the requests seen and the sequences begun. */
  reset(): void;
  close(): Promise<void>;
};

export async function faultUpstream(): Promise<FaultUpstream> {
  const requests: FaultRequest[] = [];
  const sockets = new Set<Socket>();
  const steps = new Map<string, number>();

  function next(fault: Fault): Exclude<Fault, { kind: 'sequence' }> {
    if (fault.kind !== 'sequence') return fault;
    const step = steps.get(fault.id) ?? 0;
    steps.set(fault.id, step + 1);
    const chosen = fault.faults[Math.min(step, fault.faults.length - 1)];
    return chosen ? next(chosen) : { kind: 'none' };
  }

  const server = createServer((socket) => {
    const reader = new RequestReader();
    const own: FaultRequest[] = [];
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      for (const request of own) request.closedAt = performance.now();
    });
    socket.on('data', (chunk) => {
      for (const read of reader.push(chunk)) {
        const request: FaultRequest = { ...read, fault: next(readFault(read.path)), receivedAt: performance.now(), closedAt: undefined };
        own.push(request);
        requests.push(request);
        act(socket, request.fault, read);
      }
    });
  });
  const port = await listen(server);

  return {
    urlOf: (fault) => `http://127.0.0.1:${port}${toPath(fault)}/v1`,
    requests,
    get openConnections() {
      return sockets.size;
    },
    reset() {
      requests.length = 0;
      steps.clear();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The address of a port where nobody listens any more: connections to it are refused. */
export async function refusedUrl(): Promise<string> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/v1`;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
