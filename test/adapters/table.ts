import { type AdapterCase, allFacets, DIMENSIONS, type Dimension, SENSELESS, sensibleFacets } from '@sluice/testing';

/** A case that has passed. */
export type Passed = { readonly adapter: string; readonly facets: AdapterCase['facets'] };

/** How many cases have passed, by adapter and by each value of each dimension, and what was left out. */
export function conformanceTable(adapters: readonly string[], passed: readonly Passed[]): string {
  const count = (is: (passed: Passed) => boolean) => adapters.map((adapter) => passed.filter((one) => one.adapter === adapter && is(one)).length);
  const ofProduct = (Object.keys(DIMENSIONS) as Dimension[]).flatMap((dimension) => [
    row(
      `**${dimension}**`,
      adapters.map(() => ''),
    ),
    ...DIMENSIONS[dimension].map((value) =>
      row(
        value,
        count(({ facets }) => facets?.[dimension] === value),
      ),
    ),
  ]);
  const left = allFacets().length - sensibleFacets().length;
  return [
    row('', adapters),
    row(
      '---',
      adapters.map(() => '--:'),
    ),
    ...ofProduct,
    row(
      '**combinations**',
      count(({ facets }) => facets !== undefined),
    ),
    row(
      '**further rules**',
      count(({ facets }) => facets === undefined),
    ),
    '',
    `${passed.length} cases passed. Of the ${allFacets().length} combinations of each adapter ${left} make no sense and are left out:`,
    '',
    ...SENSELESS.map(({ why }) => `- ${why};`),
  ].join('\n');
}

function row(head: string, cells: readonly (string | number)[]): string {
  return `| ${[head, ...cells].join(' | ')} |`;
}
