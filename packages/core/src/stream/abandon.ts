/** Lets go of a source that nobody reads any more: without waiting, and without hearing of what fails on its way out. */
export function abandon(source: { return?(): PromiseLike<unknown> }): void {
  try {
    Promise.resolve(source.return?.()).catch(() => undefined);
  } catch {
    // It is gone all the same.
  }
}
