import { providerContract } from '@sluice/testing';
import { test } from 'vitest';
import { anthropic } from './anthropic.ts';
import { fixtures } from './fixtures.test.support.ts';

for (const { name, run } of providerContract({ provider: anthropic({ env: {} }), fixtures })) test(name, run);
