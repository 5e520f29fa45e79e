import { fork } from 'node:child_process';
import type { Run } from '../frame/proof.ts';
import { type CountingPlan, type CountingUpstream, openCountingUpstream } from './counting-upstream.ts';
import type { CountingOrder } from './counting-upstream-worker.ts';

/** In a process of its own where figures count, so that it sees at once who has left; here in the test suite. */
export async function startCountingUpstream(run: Run, plan: CountingPlan): Promise<CountingUpstream> {
  if (run.isShort) return openCountingUpstream(plan);
  const child = fork(new URL('counting-upstream-worker.js', import.meta.url));
  const ask = <T>(order: CountingOrder): Promise<T> =>
    new Promise((resolve) => {
      child.once('message', (answer) => resolve(answer as T));
      child.send(order);
    });
  return {
    baseUrl: await ask<string>({ open: plan }),
    sent: () => ask('sent'),
    async close() {
      child.kill();
    },
  };
}
