import { afterEach, describe, expect, test } from 'vitest';
import type { DirectoryStore, ObjectChange } from '../types/directory.ts';
import { Directory } from './directory.ts';
import { memoryDirectoryStore } from './memory-directory-store.ts';

const made: ObjectChange = { kind: 'key', id: 'k', from: 0, body: { alias: 'made' } };
const deleted: ObjectChange = { kind: 'key', id: 'k', from: 1, body: undefined };

let directory: Directory | undefined;
afterEach(() => directory?.close());

/** A store that does at once what it is asked, and of one kind of answer says so only when it is let. */
function open(late: keyof DirectoryStore): { store: DirectoryStore; directory: Directory; hold(): void; speak(): void } {
  const store = memoryDirectoryStore();
  let speak = (): void => undefined;
  let held: Promise<void> | undefined;
  const answer = async <T>(name: keyof DirectoryStore, said: T): Promise<T> => {
    if (name === late) await held;
    return said;
  };
  directory = new Directory({
    store: {
      changesSince: (revision) => answer('changesSince', store.changesSince(revision)) as Promise<never>,
      write: (...given) => answer('write', store.write(...given)) as Promise<never>,
      auditTrail: (query) => store.auditTrail(query),
    },
    pollMs: 3_600_000,
    onError: () => undefined,
  });
  const hold = (): void => void (held = new Promise((resolve) => (speak = resolve)));
  return { store, directory, hold, speak: () => speak() };
}

describe('what was deleted does not come back', () => {
  test('with the late answer of the write that made it', async () => {
    const { store, directory, hold, speak } = open('write');
    await directory.ready();
    hold();
    const writing = directory.write([made], []);
    await store.write([deleted], []);
    await directory.pull();
    speak();
    await writing;
    expect(directory.get('key', 'k')).toBeUndefined();
    expect(directory.all('key')).toEqual([]);
  });

  test('with a read that had begun before, and is there when it is made anew', async () => {
    const { store, directory, hold, speak } = open('changesSince');
    await directory.ready();
    await store.write([made], []);
    hold();
    const reading = directory.pull();
    await directory.write([deleted], []);
    speak();
    await reading;
    expect(directory.get('key', 'k')).toBeUndefined();
    await directory.write([{ ...made, body: { alias: 'anew' } }], []);
    await directory.pull();
    expect(directory.all('key')).toMatchObject([{ body: { alias: 'anew' } }]);
  });
});
