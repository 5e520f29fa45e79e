/** Waits for the first item, so that a stream that fails at once fails here, where a router can still fall back. */
export async function afterFirst<T>(source: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const iterator = source[Symbol.asyncIterator]();
  let first: IteratorResult<T> | undefined = await iterator.next();

  const rest: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => rest,
    next() {
      if (first === undefined) return iterator.next();
      const result = first;
      first = undefined;
      return Promise.resolve(result);
    },
    return: () => iterator.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
  return rest;
}
