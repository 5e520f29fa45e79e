import { providerContract } from '@sluice/testing';
import { test } from 'vitest';
import { ollama } from './ollama.ts';
import { fixtures } from './fixtures.test.support.ts';

for (const { name, run } of providerContract({ provider: ollama({ env: {} }), fixtures })) test(name, run);
