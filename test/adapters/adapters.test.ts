import { type AdapterUnderTest, adapterContract } from '@sluice/testing';
import express5 from 'express';
import express4 from 'express-4';
import Koa3 from 'koa';
import Koa2 from 'koa-2';
import { describe, test } from 'vitest';
import { expressApp } from './express-app.ts';
import { koaApp } from './koa-app.ts';
import { nodeApp } from './node-app.ts';

const ADAPTERS: readonly AdapterUnderTest[] = [
  expressApp('Express 4', express4),
  expressApp('Express 5', express5),
  koaApp('Koa 2, prefix', Koa2, 'prefix'),
  koaApp('Koa 2, koa-mount', Koa2, 'koa-mount'),
  koaApp('Koa 3, prefix', Koa3, 'prefix'),
  koaApp('Koa 3, koa-mount', Koa3, 'koa-mount'),
  nodeApp,
];

describe.each(ADAPTERS)('$name keeps the adapter contract', (adapter) => {
  for (const { name, run } of adapterContract(adapter)) test(name, run);
});
