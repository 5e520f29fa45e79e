import { directoryContract } from '@sluice/testing';
import { describe, test } from 'vitest';
import { testDatabases } from '../databases.test.support.ts';
import { sqlDirectoryStore } from './sql-directory-store.ts';

const { databases } = testDatabases();

describe.each(databases)('the directory store in $name keeps the contract', ({ url }) => {
  let address = '';
  const cases = directoryContract(() => ({ store: sqlDirectoryStore({ url: address }), again: () => sqlDirectoryStore({ url: address }) }));
  for (const { name, run } of cases) {
    test(name, async (ctx) => {
      address = url(ctx);
      await run();
    });
  }
});
