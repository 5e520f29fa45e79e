import { readFileSync, writeFileSync } from 'node:fs';
import { type AdapterUnderTest, adapterContract } from '@sluice/testing';
import express5 from 'express';
import express4 from 'express-4';
import Koa3 from 'koa';
import Koa2 from 'koa-2';
import { describe, expect, test } from 'vitest';
import { expressApp } from './express-app.ts';
import { koaApp } from './koa-app.ts';
import { nodeApp } from './node-app.ts';
import { conformanceTable, type Passed } from './table.ts';

const ADAPTERS: readonly AdapterUnderTest[] = [
  expressApp('Express 4', express4),
  expressApp('Express 5', express5),
  koaApp('Koa 2, prefix', Koa2, 'prefix'),
  koaApp('Koa 2, koa-mount', Koa2, 'koa-mount'),
  koaApp('Koa 3, prefix', Koa3, 'prefix'),
  koaApp('Koa 3, koa-mount', Koa3, 'koa-mount'),
  nodeApp,
];

const passed: Passed[] = [];

describe.each(ADAPTERS)('$name keeps the adapter contract', (adapter) => {
  for (const { name, facets, run } of adapterContract(adapter)) {
    test(name, async () => {
      await run();
      passed.push({ adapter: adapter.name, facets });
    });
  }
});

describe('docs/mounting.md', () => {
  const file = new URL('../../docs/mounting.md', import.meta.url);
  const [START, END] = ['<!-- conformance -->\n\n', '\n\n<!-- /conformance -->'] as const;

  test('shows how many cases have passed', () => {
    const text = readFileSync(file, 'utf8');
    const [before, after] = [text.slice(0, text.indexOf(START) + START.length), text.slice(text.indexOf(END))];
    const expected = `${before}${conformanceTable(
      ADAPTERS.map(({ name }) => name),
      passed,
    )}${after}`;
    if (process.env.UPDATE_DOCS) writeFileSync(file, expected);
    else expect(text).toBe(expected);
  });
});
