import type { Dimension } from './to-sums.ts';

type AskAll = (dimension: Dimension, ids: readonly string[], since: number) => Promise<ReadonlyMap<string, number>>;
type Batch = { readonly ids: Set<string>; readonly answer: Promise<ReadonlyMap<string, number>> };

/**
 * Asks about many at once: whoever asks while a question of the same kind is on its way goes with the next one. A herd
 * that meets a database so asks it as often as it can answer, and no more.
 */
export function gatheredSums(ask: AskAll): (dimension: Dimension, id: string, since: number) => Promise<number> {
  const waiting = new Map<string, Batch>();
  const underWay = new Map<string, Promise<unknown>>();

  function open(name: string, dimension: Dimension, since: number): Batch {
    const ids = new Set<string>();
    const answer = Promise.resolve(underWay.get(name)).then(() => {
      waiting.delete(name);
      return ask(dimension, [...ids], since);
    });
    const over = answer
      .catch(() => undefined)
      .then(() => {
        if (underWay.get(name) === over) underWay.delete(name);
      });
    underWay.set(name, over);
    const batch = { ids, answer };
    waiting.set(name, batch);
    return batch;
  }

  return async (dimension, id, since) => {
    const name = `${dimension} ${since}`;
    const batch = waiting.get(name) ?? open(name, dimension, since);
    batch.ids.add(id);
    return (await batch.answer).get(id) ?? 0;
  };
}
