import type { Store } from '@sluice/core';
import { counterCases } from './counter-cases.ts';
import { valueCases } from './value-cases.ts';
import { windowCases } from './window-cases.ts';

/** A fresh, empty store, and a way to let time pass for it: by a clock of its own, or by waiting. */
export type StoreUnderTest = { readonly store: Store; advance(ms: number): void | Promise<void> };

export type MakeStore = () => StoreUnderTest | Promise<StoreUnderTest>;

export type ContractCase = { readonly name: string; run(): Promise<void> };

/**
 * Every rule that a store keeps, as cases for any test runner.
 *
 * @example
 * for (const { name, run } of storeContract(() => makeMine())) test(name, run);
 */
export function storeContract(make: MakeStore): readonly ContractCase[] {
  return [...valueCases, ...counterCases, ...windowCases].map(({ name, check }) => ({
    name,
    async run() {
      const made = await make();
      try {
        await check(made);
      } finally {
        await made.store.close?.();
      }
    },
  }));
}
