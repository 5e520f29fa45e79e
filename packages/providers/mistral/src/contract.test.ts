import { providerContract } from '@sluice/testing';
import { describe, test } from 'vitest';
import { codestral, mistral } from './mistral.ts';
import { chats, code, others } from './fixtures.test.support.ts';

describe('mistral', () => {
  for (const { name, run } of providerContract({ provider: mistral({ env: {} }), fixtures: [...chats, ...code, ...others] })) test(name, run);
});

describe('codestral', () => {
  for (const { name, run } of providerContract({ provider: codestral({ env: {} }), fixtures: [...chats, ...code] })) test(name, run);
});
