import { fork } from 'node:child_process';
import type { Compared } from './compare.ts';
import type { ComparisonAnswer, ComparisonOrder } from './compare-worker.ts';
import type { Scenario } from './scenario.ts';
import type { SimulationOptions } from './simulate.ts';

export type Comparison = { readonly scenario: Scenario; readonly options: SimulationOptions };

/** Worlds, each in a process of its own since time is the process's, so many at once. */
export async function compareAll(comparisons: readonly Comparison[], jobs: number, tell: (compared: Compared) => void): Promise<Compared[]> {
  const all: Compared[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let index = next++; index < comparisons.length; index = next++) {
      const { scenario, options } = comparisons[index] as Comparison;
      const compared = { scenario, figures: new Map(await inProcess({ name: scenario.name, options })) };
      all[index] = compared;
      tell(compared);
    }
  }
  await Promise.all(Array.from({ length: jobs }, work));
  return all;
}

function inProcess(order: ComparisonOrder): Promise<ComparisonAnswer> {
  const child = fork(new URL('compare-worker.js', import.meta.url), { serialization: 'advanced' });
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => resolve(answer as ComparisonAnswer));
    child.once('exit', (code) => reject(new Error(`The simulation of '${order.name}' ended with ${code}`)));
    child.send(order);
  });
}
