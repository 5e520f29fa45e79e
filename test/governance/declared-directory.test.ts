import { createGateway, declaredDirectory, memoryDirectoryStore } from '@sluice/core';
import { directoryContract } from '@sluice/testing';
import { describe, expect, it, test } from 'vitest';

const TEAM = { kind: 'team' as const, id: 'finance', body: { models: ['a'], max_budget: 500 } };

describe('a directory that begins with what is declared', () => {
  for (const { name, run } of directoryContract(() => ({ store: declaredDirectory([], memoryDirectoryStore()) }))) test(`keeps the contract: ${name}`, run);

  it('has what is declared, and over it field by field what was written', async () => {
    const store = memoryDirectoryStore();
    const first = declaredDirectory([TEAM], store);
    const [declared] = await first.changesSince(0);
    expect(declared).toMatchObject({ id: 'finance', body: TEAM.body });
    await first.write([{ ...TEAM, body: { models: ['a'], max_budget: 700, blocked: true }, from: declared?.revision ?? 0 }], []);

    const again = declaredDirectory([{ ...TEAM, body: { models: ['a', 'b'], max_budget: 100, rpm_limit: 5 } }], store);
    expect((await again.changesSince(0)).at(-1)?.body).toEqual({ models: ['a', 'b'], max_budget: 700, rpm_limit: 5, blocked: true });
  });

  it('keeps what was taken away, and what was deleted', async () => {
    const store = memoryDirectoryStore();
    const directory = declaredDirectory([TEAM], store);
    const [written] = await directory.write([{ ...TEAM, body: { models: ['a'] }, from: 0.5 }], []);
    expect(written?.body).toEqual({ models: ['a'] });
    await directory.write([{ kind: 'team', id: 'finance', body: undefined, from: written?.revision ?? 0 }], []);
    expect((await declaredDirectory([TEAM], store).changesSince(0)).at(-1)?.body).toBeUndefined();
  });

  it('forgets with a declaration what was written over it', async () => {
    const store = memoryDirectoryStore();
    await declaredDirectory([TEAM], store).write([{ ...TEAM, body: { ...TEAM.body, blocked: true }, from: 0.5 }], []);
    expect((await declaredDirectory([], store).changesSince(0)).map(({ body }) => body)).toEqual([undefined]);
  });

  it('is in force while the store is away, and complete when it is back', async () => {
    const store = memoryDirectoryStore();
    let isAway = true;
    const directory = declaredDirectory([TEAM], {
      ...store,
      changesSince: async (since) => (isAway ? Promise.reject(new Error('away')) : store.changesSince(since)),
    });
    await store.write([{ kind: 'team', id: 'other', body: {}, from: 0 }], []);
    expect((await directory.changesSince(0)).map(({ id }) => id)).toEqual(['finance']);
    await expect(directory.changesSince(0.5)).rejects.toThrow('away');
    isAway = false;
    expect((await directory.changesSince(0.5)).map(({ id }) => id)).toEqual(['other']);
  });

  it('is in force while the store is silent: a key of the file opens the door, and is not told to be none', async () => {
    const silent = { ...memoryDirectoryStore(), changesSince: () => new Promise<never>(() => undefined) };
    const key = { kind: 'key' as const, id: 'k', body: { key_name: 'sk-...' }, key: 'sk-a-key-of-the-file' };
    const gateway = createGateway({ masterKey: 'sk-a-master-key-of-it', declared: [key], directory: silent, models: [], onError: () => undefined });
    const answer = await gateway.fetch('http://sluice/v1/models', { headers: { authorization: 'Bearer sk-a-key-of-the-file' } });
    expect(answer.status).toBe(200);
    await gateway.close();
  });

  it('is not written to without a store', async () => {
    await expect(declaredDirectory([TEAM]).write([{ ...TEAM, from: 0.5 }], [])).rejects.toThrow('give it a database');
  });
});
