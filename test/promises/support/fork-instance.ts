import { type ChildProcess, fork } from 'node:child_process';
import type { Instance, InstanceOptions, Tally } from './instance.ts';
import { openInstance } from './instance.ts';
import type { Order } from './instance-worker.ts';
import type { Run } from '../frame/proof.ts';

export type ForkedInstance = Instance & { readonly process: ChildProcess };

/** A gateway in a process of its own. Runs only where the proofs have been built, as `pnpm promises` does. */
export async function forkInstance(options: InstanceOptions): Promise<ForkedInstance> {
  const child = fork(new URL('instance-worker.js', import.meta.url));
  const ask = <T>(order: Order): Promise<T> =>
    new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('The gateway has ended by itself'));
      child.once('exit', ended);
      child.once('message', (answer) => {
        child.off('exit', ended);
        resolve(answer as T);
      });
      child.send(order);
    });
  const { url } = await ask<{ readonly url: string }>({ open: options });
  return {
    url,
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
