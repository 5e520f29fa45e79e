/** Resolves after so many turns of the event loop, each of which takes in what has arrived at sockets by then. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}
