import { providerContract } from '@sluice/testing';
import { test } from 'vitest';
import { cohere } from './cohere.ts';
import { fixtures } from './fixtures.test.support.ts';

for (const { name, run } of providerContract({ provider: cohere({ env: {} }), fixtures })) test(name, run);
