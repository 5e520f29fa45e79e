import type { Deployment } from '../types/model.ts';
import type { DeploymentBook } from './deployment-book.ts';

export type ReadyOptions = {
  readonly book: DeploymentBook;
  /** Decides for those that are on their way back. */
  readonly random: () => number;
  /** Whether the lowest `order` goes first. */
  readonly hasOrder: boolean;
};

/** Those that may be asked before others: they have not just failed, and nobody of a lower order is there. */
export function readyOf(among: readonly Deployment[], { book, random, hasOrder }: ReadyOptions): readonly Deployment[] {
  // Mostly all are, and then nothing has to be made.
  let some: Deployment[] | undefined;
  for (let index = 0; index < among.length; index += 1) {
    const deployment = among[index] as Deployment;
    if (book.breaker(deployment)?.isReady(random) ?? true) some?.push(deployment);
    else some ??= among.slice(0, index);
  }
  const ready = some ?? among;
  if (!hasOrder || ready.length < 2) return ready;
  const lowest = Math.min(...ready.map(({ order = 0 }) => order));
  return ready.filter(({ order = 0 }) => order === lowest);
}
