import { memoryStore } from '@sluice/core';
import { describe, test } from 'vitest';
import { storeContract } from './store-contract.ts';

describe('the memory store keeps the contract', () => {
  const cases = storeContract(() => {
    let now = Date.UTC(2026, 0, 1);
    return {
      store: memoryStore({ now: () => now }),
      advance(ms) {
        now += ms;
      },
    };
  });
  for (const { name, run } of cases) test(name, run);
});
