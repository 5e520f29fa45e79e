import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { ProxyFault } from './proxy-fault.ts';
import { relay } from './relay.ts';

export type FaultProxy = {
  readonly port: number;
  /** What happens to bytes from now on, on open connections as well. */
  fault: ProxyFault;
  readonly openConnections: number;
  /** Connections taken so far. */
  readonly connections: number;
  /** Resets every connection and refuses further ones, as when the server has been killed. */
  stop(): Promise<void>;
  /** Takes connections again, on the same port. */
  restart(): Promise<void>;
  /** As {@link FaultProxy.stop}, for good. */
  close(): Promise<void>;
};

/** Stands on 127.0.0.1 before a server that listens on `target` there, and does to connections what it is told. */
export async function faultProxy(target: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let clients = 0;

  function follow(socket: Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  }

  const server = createServer({ allowHalfOpen: true }, (client) => {
    connections += 1;
    clients += 1;
    client.on('close', () => (clients -= 1));
    const upstream = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
    follow(client);
    follow(upstream);
    relay({ from: client, to: upstream, way: 'request', fault: () => proxy.fault });
    relay({ from: upstream, to: client, way: 'answer', fault: () => proxy.fault });
  });
  const listen = (at: number): Promise<void> => new Promise((resolve, reject) => server.once('error', reject).listen(at, '127.0.0.1', () => resolve()));
  await listen(0);
  const { port } = server.address() as AddressInfo;

  async function stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  }

  const proxy: FaultProxy = {
    port,
    fault: { kind: 'none' },
    get openConnections() {
      return clients;
    },
    get connections() {
      return connections;
    },
    stop,
    restart: () => listen(port),
    close: stop,
  };
  return proxy;
}
