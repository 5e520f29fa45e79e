import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endProcess } from './end-process.ts';
import { freePort } from './free-port.ts';

export type PostgresServer = {
  /** Of a superuser, with the database `postgres`. */
  readonly url: string;
  readonly process: ChildProcess;
  /** Makes an empty database, and answers its address. */
  createDatabase(name: string): string;
  /** Kills the server and starts it again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

const DEBIAN = '/usr/lib/postgresql';

/** Whether a PostgreSQL can be started here. */
export function hasPostgres(): boolean {
  return binaries() !== undefined;
}

/** A PostgreSQL of the test's own on 127.0.0.1, with its data in a folder that goes with it. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = binaries();
  if (bin === undefined) throw new Error('PostgreSQL is not installed');
  const user = ownUser();
  const dir = mkdtempSync(join(tmpdir(), 'sluice-postgres-'));
  if (user) chownSync(dir, user.uid, user.gid);
  execFileSync(join(bin, 'initdb'), ['-D', dir, '-U', 'sluice', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--no-locale'], {
    ...user,
    stdio: 'ignore',
    cwd: dir,
  });
  const port = await freePort();
  const url = `postgres://sluice@127.0.0.1:${port}/postgres`;
  const psql = (...args: string[]) => spawnSync(join(bin, 'psql'), [url, '-qc', ...args], { ...user, cwd: dir });

  async function start(): Promise<ChildProcess> {
    const settings = ['fsync=off', 'max_connections=200', `unix_socket_directories=${dir}`].flatMap((setting) => ['-c', setting]);
    const child = spawn(join(bin as string, 'postgres'), ['-D', dir, '-p', String(port), '-h', '127.0.0.1', ...settings], {
      ...user,
      stdio: 'ignore',
      cwd: dir,
    });
    for (let count = 0; count < 200; count += 1) {
      if (psql('select 1').status === 0) return child;
      await wait(100);
    }
    throw new Error('PostgreSQL does not answer after twenty seconds');
  }

  let child = await start();
  return {
    url,
    get process() {
      return child;
    },
    createDatabase(name) {
      const { status, stderr } = psql(`create database ${name}`);
      if (status !== 0) throw new Error(String(stderr));
      return `postgres://sluice@127.0.0.1:${port}/${name}`;
    },
    async restart() {
      await endProcess(child, 'SIGQUIT');
      child = await start();
    },
    async stop() {
      await endProcess(child, 'SIGQUIT');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Debian keeps them out of the path. */
function binaries(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one)) : [];
  const bin = versions.map((version) => join(DEBIAN, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
  if (bin !== undefined) return bin;
  const { stdout, status } = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' });
  return status === 0 && existsSync(join(stdout.trim(), 'initdb')) ? stdout.trim() : undefined;
}

/** PostgreSQL refuses to run as root; its own user is there where Debian has installed it. */
function ownUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })));
  return { uid: uid as number, gid: gid as number };
}
