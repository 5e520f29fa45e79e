import assert from 'node:assert/strict';
import { auditHash, type AuditEntry, DirectoryConflictError, type DirectoryStore, type ObjectChange } from '@sluice/core';
import type { ContractCase } from '../store/store-contract.ts';

/** Fresh and empty; `again` opens the same once more, as another gateway would. Absent where nobody else can see it. */
export type DirectoryUnderTest = { readonly store: DirectoryStore; again?(): DirectoryStore };

type Case = { readonly name: string; check(given: DirectoryUnderTest): Promise<void> };

const team = (id: string, from = 0, body: ObjectChange['body'] = { team_alias: id }): ObjectChange => ({ kind: 'team', id, from, body });

function entry(objectId: string, fields: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: '2026-03-04T12:00:00.000Z',
    keyId: 'master',
    userId: undefined,
    action: 'created',
    kind: 'team',
    objectId,
    before: undefined,
    after: { a: 1 },
    ...fields,
  };
}

const CASES: readonly Case[] = [
  {
    name: 'what is written is read, each object in its last state, in the order of writing',
    async check({ store }) {
      assert.deepEqual(await store.changesSince(0), []);
      const [first] = await store.write([team('a'), team('b')], []);
      await store.write([team('a', first?.revision, { team_alias: 'new', models: ['é 漢 🦊'] })], []);
      const changes = await store.changesSince(0);
      assert.deepEqual(
        changes.map(({ kind, id, body }) => [kind, id, body]),
        [
          ['team', 'b', { team_alias: 'b' }],
          ['team', 'a', { team_alias: 'new', models: ['é 漢 🦊'] }],
        ],
      );
      assert.deepEqual(await store.changesSince(changes.at(-1)?.revision ?? 0), []);
      assert.equal((await store.changesSince(changes[0]?.revision ?? 0)).length, 1);
    },
  },
  {
    name: 'what is deleted is told of, and may be made anew',
    async check({ store }) {
      const [made] = await store.write([team('a')], []);
      const [gone] = await store.write([{ ...team('a', made?.revision), body: undefined }], []);
      assert.equal(gone?.body, undefined);
      assert.deepEqual(
        (await store.changesSince(made?.revision ?? 0)).map(({ id, body }) => [id, body]),
        [['a', undefined]],
      );
      await store.write([team('a')], []);
    },
  },
  {
    name: 'a change of what has changed in the meantime is refused, and nothing of the write is done',
    async check({ store }) {
      const [made] = await store.write([team('a')], [entry('a')]);
      await store.write([team('a', made?.revision, { team_alias: 'theirs' })], []);
      for (const change of [team('a'), team('a', made?.revision, { team_alias: 'mine' }), team('never', 7)]) {
        await assert.rejects(async () => store.write([team('other'), change], [entry('other')]), DirectoryConflictError);
      }
      const changes = await store.changesSince(0);
      assert.deepEqual(
        changes.map(({ id, body }) => [id, body?.team_alias]),
        [['a', 'theirs']],
      );
      assert.equal((await store.auditTrail({ limit: 10 })).length, 1);
    },
  },
  {
    name: 'objects of other kinds may have the same id',
    async check({ store }) {
      await store.write([team('a'), { kind: 'user', id: 'a', from: 0, body: {} }], []);
      assert.equal((await store.changesSince(0)).length, 2);
    },
  },
  {
    name: 'the trail tells who changed what, newest first, as far as is asked for',
    async check({ store }) {
      await store.write([team('a')], [entry('a'), entry('b', { keyId: 'k', kind: 'user' })]);
      await store.write([], [entry('a', { action: 'updated', userId: 'ada', before: { a: 1 }, after: { a: 2 } })]);
      const ids = async (query: object) => (await store.auditTrail({ limit: 10, ...query })).map(({ sequence }) => sequence);
      assert.deepEqual(await ids({}), [3, 2, 1]);
      assert.deepEqual(await ids({ limit: 2 }), [3, 2]);
      assert.deepEqual(await ids({ before: 3 }), [2, 1]);
      assert.deepEqual(await ids({ objectId: 'a' }), [3, 1]);
      assert.deepEqual(await ids({ kind: 'user' }), [2]);
      assert.deepEqual(await ids({ keyId: 'k' }), [2]);
    },
  },
  {
    name: 'each entry of the trail carries the hash of all before it',
    async check({ store }) {
      for (const id of ['a', 'b', 'c']) await store.write([team(id)], [entry(id), entry(`${id}2`)]);
      let hash = '';
      for (const { sequence, hash: told, ...told_entry } of [...(await store.auditTrail({ limit: 10 }))].reverse()) {
        hash = auditHash(hash, sequence, told_entry);
        assert.equal(told, hash);
      }
    },
  },
  {
    name: 'of many who write at once each is seen by whoever reads on, and none twice',
    async check({ store, again }) {
      const other = again?.() ?? store;
      const seen: string[] = [];
      let revision = 0;
      const read = async () => {
        for (const object of await other.changesSince(revision)) {
          seen.push(object.id);
          revision = object.revision;
        }
      };
      const writing = Promise.all(
        Array.from({ length: 40 }, async (_, index) => (index % 2 === 0 ? store : other).write([team(`t${index}`)], [entry(`t${index}`)])),
      );
      let isDone = false;
      void writing.then(() => (isDone = true));
      for (let count = 0; count < 5000 && !isDone; count += 1) {
        await read();
        await new Promise(setImmediate);
      }
      await writing;
      await read();
      assert.deepEqual([...seen].sort(), Array.from({ length: 40 }, (_, index) => `t${index}`).sort());
      assert.equal((await store.auditTrail({ limit: 100 })).length, 40);
      if (other !== store) await other.close?.();
    },
  },
];

/**
 * Every rule that a directory store keeps, as cases for any test runner.
 *
 * @example
 * for (const { name, run } of directoryContract(() => makeMine())) test(name, run);
 */
export function directoryContract(make: () => DirectoryUnderTest | Promise<DirectoryUnderTest>): readonly ContractCase[] {
  return CASES.map(({ name, check }) => ({
    name,
    async run() {
      const made = await make();
      try {
        await check(made);
      } finally {
        await made.store.close?.();
      }
    },
  }));
}
