/** Passes bytes through, and tells after each piece how many there have been. */
export function counted(source: AsyncIterable<Uint8Array>, onCount: (bytes: number) => void): AsyncIterable<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  let bytes = 0;
  const counting: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => counting,
    async next() {
      const result = await iterator.next();
      if (!result.done) onCount((bytes += result.value.length));
      return result;
    },
    return: () => iterator.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
  return counting;
}
