import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

export type RedisServer = {
  readonly url: string;
  readonly process: ChildProcess;
  flush(): Promise<void>;
  stop(): Promise<void>;
};

export type RedisServerOptions = {
  readonly port?: number;
  readonly args?: readonly string[];
  /** A sentinel with this file, and no server. */
  readonly config?: string;
};

/** A Redis of the test's own, on a free port of 127.0.0.1 or on the one given, that keeps nothing on disk. */
export async function startRedis({ port, args = [], config }: RedisServerOptions = {}): Promise<RedisServer> {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-redis-'));
  const at = port ?? (await freePort());
  const own = ['--port', String(at), '--bind', '127.0.0.1', '--dir', dir];
  const child = spawn('redis-server', config === undefined ? [...own, '--save', '', '--appendonly', 'no', ...args] : [config, ...own, '--sentinel'], {
    stdio: 'ignore',
  });
  const url = `redis://127.0.0.1:${at}`;
  const client = createClient({ url, socket: { reconnectStrategy: () => 50 } });
  client.on('error', () => undefined);
  await client.connect();
  return {
    url,
    process: child,
    async flush() {
      await client.flushAll();
    },
    async stop() {
      client.destroy();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await ended;
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
