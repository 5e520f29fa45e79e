import { counterCases } from './counter-cases.ts';
import { holdCases } from './hold-cases.ts';
import type { StoreUnderTest } from './store-case.ts';
import { valueCases } from './value-cases.ts';
import { windowCases } from './window-cases.ts';

export type MakeStore = () => StoreUnderTest | Promise<StoreUnderTest>;

export type ContractCase = { readonly name: string; run(): Promise<void> };

/**
 * Every rule that a store keeps, as cases for any test runner.
 *
 * @example
 * for (const { name, run } of storeContract(() => makeMine())) test(name, run);
 */
export function storeContract(make: MakeStore): readonly ContractCase[] {
  return [...valueCases, ...counterCases, ...windowCases, ...holdCases].map(({ name, check }) => ({
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
