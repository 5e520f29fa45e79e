import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FACES, type Face } from './faces.ts';
import { SUITES } from './suites/suites.ts';
import { cellOf, clientsDocument } from './table.ts';
import { startUpstream, type Upstream } from './upstream/upstream.ts';

const results = new Map<string, 'passed' | 'failed'>();

describe.each(Object.entries(FACES))('%s', (faceName, open) => {
  let upstream: Upstream;
  let face: Face;
  beforeAll(async () => {
    upstream = await startUpstream();
    face = await open(upstream.baseUrl);
  });
  afterAll(async () => {
    await face?.close();
    await upstream.close();
  });

  describe.each(SUITES)('$packages', (suite) => {
    it.each(suite.features)('$name', async ({ name, run }) => {
      results.set(cellOf(faceName, suite, name), 'failed');
      await run(face, upstream);
      results.set(cellOf(faceName, suite, name), 'passed');
    });
  });
});

describe('docs/clients.md', () => {
  const file = new URL('../../docs/clients.md', import.meta.url);
  const cells = Object.keys(FACES).length * SUITES.reduce((sum, { features }) => sum + features.length, 0);

  it('says what was found', (ctx) => {
    if (results.size < cells) ctx.skip('only a part of the client tests was run');
    const found = clientsDocument(SUITES, Object.keys(FACES), results);
    if (process.env.UPDATE_DOCS) writeFileSync(file, found);
    expect(readFileSync(file, 'utf8')).toBe(found);
  });
});
