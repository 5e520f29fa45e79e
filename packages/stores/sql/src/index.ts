export { database } from './database-package.ts';
export type { SqlAddress } from './database.ts';
export { sqlDirectoryStore } from './directory/sql-directory-store.ts';
export { type SqlLedger, sqlLedger, type SqlLedgerOptions } from './ledger/sql-ledger.ts';
export type { Dimension } from './ledger/to-sums.ts';
