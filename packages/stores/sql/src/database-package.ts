import type { DatabasePackage } from '@sluice/core';
import { lookIntoDirectory, sqlDirectoryStore } from './directory/sql-directory-store.ts';
import { sqlLedger, type SqlLedgerOptions } from './ledger/sql-ledger.ts';

/** For configuration files, which check the options that they have for it. */
export const database: DatabasePackage = {
  create(options) {
    const address = options as SqlLedgerOptions & { readonly url: string };
    return { ledger: sqlLedger(address), directory: sqlDirectoryStore({ url: address.url }) };
  },
  look: ({ url }) => lookIntoDirectory(String(url)),
};
