import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { endProcess } from './end-process.ts';

export type RedisServerOptions = {
  /** Default: a free one. */
  readonly port?: number;
  readonly args?: readonly string[];
  /** A sentinel with this file, and no server. */
  readonly sentinelConfig?: string;
};

export type RedisServer = {
  readonly url: string;
  readonly process: ChildProcess;
  /** Kills it. What it held is gone. */
  stop(): Promise<void>;
};

/** Whether a Redis can be started here. */
export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** A Redis of the test's own on 127.0.0.1, which keeps nothing on disk. */
export async function startRedis({ port, args = [], sentinelConfig }: RedisServerOptions = {}): Promise<RedisServer> {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-redis-'));
  const at = port ?? (await freePort());
  const own = ['--port', String(at), '--bind', '127.0.0.1', '--dir', dir];
  const command = sentinelConfig === undefined ? [...own, '--save', '', '--appendonly', 'no', ...args] : [sentinelConfig, ...own, '--sentinel'];
  const child = spawn('redis-server', command, { stdio: 'ignore' });
  await untilOpen(at);
  return {
    url: `redis://127.0.0.1:${at}`,
    process: child,
    async stop() {
      await endProcess(child, 'SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function untilOpen(port: number): Promise<void> {
  for (let count = 0; count < 200; count += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      }).once('error', () => resolve(false));
    });
    if (isOpen) return;
    await wait(50);
  }
  throw new Error(`Nothing listens on port ${port} after ten seconds`);
}
