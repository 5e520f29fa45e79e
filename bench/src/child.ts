import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { caller } from './rpc.ts';

/** The gateways run alone on one processor, everything that measures them on the other. */
export const GATEWAY_CPU = 0;
export const LOAD_CPU = 1;

/** Whether processes can be kept on one processor each; without, figures are looser. */
export const canPin = availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0;

/** A child process that was started here and answers calls. */
export type Child = {
  readonly pid: number;
  call<T>(method: string, params?: unknown): Promise<T>;
  stop(): Promise<void>;
};

export type ChildOptions = {
  readonly cpu: number;
  readonly args?: readonly string[];
  /** The Node to run it with. Default: the one that runs this. */
  readonly node?: string | undefined;
  readonly execArgv?: readonly string[];
};

/** Starts the script beside this file, under the processor it belongs on. */
export function startChild(script: string, { cpu, args = [], node = process.execPath, execArgv = [] }: ChildOptions): Child {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const command = canPin ? ['taskset', '-c', String(cpu), node, ...execArgv] : [node, ...execArgv];
  const [execPath = node, ...rest] = command;
  const child = fork(path, args, {
    execPath,
    execArgv: rest,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const remote = caller(
    (call) => child.send(call),
    (listener) => child.on('message', listener as (message: unknown) => void),
  );
  child.once('exit', (code, signal) => remote.fail(new Error(`${script} ${args.join(' ')} ended with ${code ?? signal}`)));
  return { pid: child.pid as number, call: remote.call, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  await ended;
}
