import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export type CountingProxy = {
  /** The same database, by way of the proxy. */
  readonly url: string;
  /** The texts of the queries that were sent, as they were sent. */
  readonly queries: readonly string[];
  close(): Promise<void>;
};

const HEAD_BYTES = 5;

/** Stands before a PostgreSQL and reads along: in its protocol a query is a message `P` with a name and its text. */
export async function countingProxy(url: string): Promise<CountingProxy> {
  const target = new URL(url);
  const queries: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    const read = queryReader((text) => queries.push(text));
    client.on('data', read);
    client.pipe(database).pipe(client);
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket) && other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = new URL(url);
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    queries,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The first message has no type; all others begin with one, and then their length. */
function queryReader(onQuery: (text: string) => void): (bytes: Buffer) => void {
  let kept = Buffer.alloc(0);
  let hasBegun = false;
  return (bytes) => {
    kept = Buffer.concat([kept, bytes]);
    for (;;) {
      const head = hasBegun ? HEAD_BYTES : HEAD_BYTES - 1;
      if (kept.length < head) return;
      const length = kept.readInt32BE(head - 4) + head - 4;
      if (kept.length < length) return;
      if (hasBegun && kept[0] === 'P'.charCodeAt(0)) {
        const name = kept.indexOf(0, HEAD_BYTES);
        onQuery(kept.toString('utf8', name + 1, kept.indexOf(0, name + 1)));
      }
      kept = kept.subarray(length);
      hasBegun = true;
    }
  };
}
