import { afterEach, describe, expect, test } from 'vitest';
import type { DirectoryStore, ObjectChange } from '../types/directory.ts';
import { Directory } from './directory.ts';
import { memoryDirectoryStore } from './memory-directory-store.ts';

const KEY: ObjectChange = { kind: 'key', id: 'k', from: 0, body: { alias: 'made' } };

const speak: (() => void)[] = [];
let directory: Directory | undefined;

afterEach(async () => {
  for (const answer of speak.splice(0)) answer();
  await directory?.close();
});

/** A store that is told when to be silent, and then answers when it is let. */
function open(silent: Partial<Record<keyof DirectoryStore, boolean>>): Directory {
  const store = memoryDirectoryStore();
  const held = async <T>(name: keyof DirectoryStore, answer: () => T): Promise<T> => {
    if (silent[name]) await new Promise<void>((resolve) => speak.push(resolve));
    return answer();
  };
  directory = new Directory({
    store: {
      changesSince: (revision) => held('changesSince', () => store.changesSince(revision)) as Promise<never>,
      write: (...given) => held('write', () => store.write(...given)) as Promise<never>,
      auditTrail: (query) => held('auditTrail', () => store.auditTrail(query)) as Promise<never>,
    },
    pollMs: 3_600_000,
    timeoutMs: 80,
    onError: () => undefined,
  });
  return directory;
}

describe('a directory whose store is silent', () => {
  test('lets no change wait for it, says that its outcome is not known, and knows of it once the store has spoken', async () => {
    const silent = open({ write: true });
    await silent.ready();
    const refusal = await silent.write([KEY], []).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'store_unavailable', status: 503, message: expect.stringMatching(/not answered within 80 ms.*not known/) });
    expect(refusal).toMatchObject({ headers: { 'x-should-retry': 'false' } });
    expect(silent.get('key', 'k')).toBeUndefined();
    for (const answer of speak.splice(0)) answer();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(silent.get('key', 'k')).toMatchObject({ body: { alias: 'made' } });
  });

  test('lets nobody wait for what others have written, nor for the trail', async () => {
    const silent = open({ changesSince: true, auditTrail: true });
    const startedAt = performance.now();
    const asked = await Promise.allSettled([silent.pullAnew(), silent.pullAnew(), silent.auditTrail({ limit: 1 })]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await silent.pullSoon();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
