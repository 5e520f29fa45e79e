import { providerContract } from '@sluice/testing';
import { test } from 'vitest';
import { bedrock } from './bedrock.ts';
import { fixtures } from './fixtures.test.support.ts';

for (const { name, run } of providerContract({ provider: bedrock({ region: 'us-east-1', env: {} }), fixtures })) test(name, run);
