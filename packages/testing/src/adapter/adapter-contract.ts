import type { ContractCase } from '../store/store-contract.ts';
import type { AdapterUnderTest } from './adapter-under-test.ts';
import { bodyCases } from './body-cases.ts';
import { type Facets, sensibleFacets } from './dimensions.ts';
import { lifeCases } from './life-cases.ts';
import { pathCases } from './path-cases.ts';
import { facetsName, runFacets } from './product-cases.ts';
import type { GuestCase } from './with-app.ts';
import { upgradeCases } from './upgrade-cases.ts';

/** A case, and where in the product of dimensions it stands, if it is of the product. */
export type AdapterCase = ContractCase & { readonly facets?: Facets };

/**
 * Every rule that an adapter keeps, as cases for any test runner. Each starts an app and an upstream of its own.
 *
 * @example
 * for (const { name, run } of adapterContract(myAdapter)) test(name, run);
 */
export function adapterContract(adapter: AdapterUnderTest): readonly AdapterCase[] {
  const rules: readonly GuestCase[] = [...pathCases, ...bodyCases, ...lifeCases, ...upgradeCases];
  const own = rules.filter(({ concerns }) => concerns?.(adapter) ?? true).map(({ name, run }) => ({ name, run: () => run(adapter) }));
  return [...own, ...sensibleFacets().map((facets) => ({ name: facetsName(facets), facets, run: () => runFacets(adapter, facets) }))];
}
