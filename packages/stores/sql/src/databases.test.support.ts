import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasPostgres, type PostgresServer, startPostgres } from '@sluice/testing/servers';
import { afterAll, beforeAll } from 'vitest';

/** A database to test on: an empty one each time. `url()` skips the test where it cannot be had. */
export type TestDatabase = { readonly name: string; url(ctx: { skip(note: string): void }): string };

/** The two kinds there are; PostgreSQL is started once a file. */
export function testDatabases(): { readonly databases: readonly TestDatabase[]; folder(): string; server(): PostgresServer } {
  const root = mkdtempSync(join(tmpdir(), 'sluice-sql-'));
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    if (hasPostgres()) server = await startPostgres();
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(root, { recursive: true, force: true });
  });
  return {
    databases: [
      { name: 'a file of libsql', url: () => join(root, `${randomUUID()}.db`) },
      {
        name: 'PostgreSQL',
        url(ctx) {
          if (!server) ctx.skip('PostgreSQL is not installed');
          return (server as PostgresServer).createDatabase(`t${randomUUID().replaceAll('-', '')}`);
        },
      },
    ],
    folder: () => mkdtempSync(join(root, 'journal-')),
    server: () => server as PostgresServer,
  };
}
