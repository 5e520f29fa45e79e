import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Instance, InstanceOptions, Tally } from './instance.ts';
import { openInstance } from './instance.ts';
import type { Order } from './instance-worker.ts';
import type { Run } from '../frame/proof.ts';

let worker: URL | undefined;

/** Where tests run from the sources, the proofs are built first: nothing reads TypeScript in a process of its own. */
function builtWorker(): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL('instance-worker.js', import.meta.url);
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  execFileSync(`${root}node_modules/.bin/tsc`, ['-b', 'test/promises'], { cwd: root, stdio: 'inherit' });
  return new URL('../dist/promises/support/instance-worker.js', import.meta.url);
}

export type ForkedInstance = Instance & { readonly process: ChildProcess };

/** A gateway in a process of its own. */
export async function forkInstance(options: InstanceOptions): Promise<ForkedInstance> {
  const child = fork((worker ??= builtWorker()), { execArgv: [] });
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: an answer does not say what it answers. */
  const ask = <T>(order: Order): Promise<T> => {
    const answer = last.then(() => askNow<T>(order));
    last = answer.catch(() => undefined);
    return answer;
  };
  const askNow = <T>(order: Order): Promise<T> =>
    new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('The gateway has ended by itself'));
      child.once('exit', ended);
      child.once('message', (answer) => {
        child.off('exit', ended);
        resolve(answer as T);
      });
      child.send(order);
    });
  const { url, filesAtStart } = await ask<{ readonly url: string; readonly filesAtStart: number }>({ open: options });
  return {
    url,
    filesAtStart,
    process: child,
    pid: child.pid ?? 0,
    tally: async () => (await ask<{ readonly tally: Tally }>('tally')).tally,
    totals: (counters, windowMs) => ask({ totals: counters, windowMs }),
    storm: (calls) => ask({ storm: calls }),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.send('close' satisfies Order);
      await ended;
    },
  };
}

/** In a process of its own where figures count, and here in the test suite, which runs from the sources. */
export function startInstance(run: Run, options: InstanceOptions): Promise<Instance> {
  return run.isShort ? openInstance(options) : forkInstance(options);
}
