import type { ContractCase } from '../store/store-contract.ts';
import type { AdapterUnderTest } from './adapter-under-test.ts';
import { type Facets, sensibleFacets } from './dimensions.ts';
import { facetsName, runFacets } from './product-cases.ts';

/** A case, and where in the product of dimensions it stands. */
export type AdapterCase = ContractCase & { readonly facets?: Facets };

/**
 * Every rule that an adapter keeps, as cases for any test runner. Each starts an app and an upstream of its own.
 *
 * @example
 * for (const { name, run } of adapterContract(myAdapter)) test(name, run);
 */
export function adapterContract(adapter: AdapterUnderTest): readonly AdapterCase[] {
  return sensibleFacets().map((facets) => ({ name: facetsName(facets), facets, run: () => runFacets(adapter, facets) }));
}
