import { memoryDirectoryStore } from '@sluice/core';
import { describe, test } from 'vitest';
import { directoryContract } from './directory-contract.ts';

describe('the directory store in memory keeps the contract', () => {
  for (const { name, run } of directoryContract(() => ({ store: memoryDirectoryStore() }))) test(name, run);
});
