import { createClient, createCluster, createSentinel } from '@redis/client';
import type { RedisCommands } from './commands.ts';

/** Where Redis is: one server, a cluster by some of its nodes, the master of sentinels, or a client that the host has. */
export type RedisAddress =
  | { readonly url: string }
  | { readonly cluster: readonly string[] }
  | { readonly sentinels: readonly { readonly host: string; readonly port: number }[]; readonly master: string; readonly password?: string }
  | { readonly client: RedisCommands };

export type Connection = {
  /** The client, once it is connected for the first time. */
  readonly client: Promise<RedisCommands>;
  close(): Promise<void>;
};

type OwnClient = RedisCommands & { connect(): Promise<unknown>; destroy(): void; on(event: 'error', listener: () => void): unknown };

/** Connects, and connects again for as long as it takes. Commands fail while there is no connection: callers wait for them. */
export function connect(address: RedisAddress, timeoutMs: number): Connection {
  if ('client' in address) return { client: Promise.resolve(address.client), close: async () => undefined };
  const client = ownClient(address, timeoutMs);
  // Commands tell of it as well, and the guard says it once.
  client.on('error', () => undefined);
  const connected = client.connect().then(() => client);
  connected.catch(() => undefined);
  return {
    client: connected,
    async close() {
      await Promise.race([connected.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, timeoutMs).unref())]);
      client.destroy();
    },
  };
}

function ownClient(address: Exclude<RedisAddress, { readonly client: RedisCommands }>, timeoutMs: number): OwnClient {
  const socket = { connectTimeout: Math.max(timeoutMs, 1000), reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, 1000) };
  // What has not even been sent when nobody waits for it any more is not to be done later.
  const commandOptions = { timeout: timeoutMs };
  if ('url' in address) return createClient({ url: address.url, disableOfflineQueue: true, socket, commandOptions }) as unknown as OwnClient;
  if ('cluster' in address) {
    const cluster = createCluster({ rootNodes: address.cluster.map((url) => ({ url })), defaults: { disableOfflineQueue: true, socket } });
    return cluster as unknown as OwnClient;
  }
  const { sentinels, master, password } = address;
  const nodeClientOptions = { disableOfflineQueue: true, socket, ...(password === undefined ? {} : { password }) };
  return createSentinel({ name: master, sentinelRootNodes: [...sentinels], nodeClientOptions }) as unknown as OwnClient;
}
