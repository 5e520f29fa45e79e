import { fork } from 'node:child_process';
import type { Run } from '../frame/proof.ts';
import { type Hostile, openHostile } from './hostile.ts';
import type { HostileOrder } from './hostile-worker.ts';

/** In a process of its own where figures count, so that it keeps nobody busy but the gateway; here in the test suite. */
export async function startHostile(run: Run, name: string, megabytes: number): Promise<Hostile> {
  if (run.isShort) return openHostile(name, megabytes);
  const child = fork(new URL('hostile-worker.js', import.meta.url));
  const ask = (order: HostileOrder): Promise<{ readonly url: string }> =>
    new Promise((resolve) => {
      child.once('message', (answer) => resolve(answer as { readonly url: string }));
      child.send(order);
    });
  const { url } = await ask({ open: [name, megabytes] });
  return {
    url,
    async attack(...args) {
      await ask({ attack: args });
    },
    async close() {
      child.kill();
    },
  };
}
