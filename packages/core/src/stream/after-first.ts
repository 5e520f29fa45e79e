/** Waits for the first item, so that a stream that fails at once fails here, where a router can still fall back. */
export function afterFirst<T>(source: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  return afterFirstThat(source, () => true);
}

/** Items that are held back at most: whoever sends more of nothing than this is passed through. */
const MOST_HELD = 64;

/** The same, for the first item that `says` anything, or for the end. */
export async function afterFirstThat<T>(source: AsyncIterable<T>, says: (item: T) => boolean): Promise<AsyncIterable<T>> {
  const iterator = source[Symbol.asyncIterator]();
  const held: IteratorResult<T>[] = [];
  for (let isSaid = false; !isSaid && held.length < MOST_HELD; ) {
    const result = await iterator.next();
    held.push(result);
    isSaid = result.done === true || says(result.value);
  }

  const rest: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => rest,
    next() {
      const result = held.shift();
      return result === undefined ? iterator.next() : Promise.resolve(result);
    },
    return: () => iterator.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
  return rest;
}
