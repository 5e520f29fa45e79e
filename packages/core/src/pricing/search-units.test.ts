import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchUnitBound, searchUnits } from './search-units.ts';

const request = (documents: unknown[], query = 'q') => ({ model: 'm', query, documents });

test('one for a query with up to a hundred documents', () => {
  const documents = (count: number): string[] => Array.from({ length: count }, () => 'short');
  expect([1, 100, 101, 201].map((count) => searchUnits(request(documents(count))))).toEqual([1, 1, 2, 3]);
});

test('a long document counts for each piece that it is cut into', () => {
  expect(searchUnits(request(['x'.repeat(4 * 500 * 150)]))).toBe(2);
});

test('no estimate is over the bound', () => {
  const document = fc.oneof(fc.string(), fc.record({ text: fc.string() }), fc.constant('x'.repeat(30_000)));
  fc.assert(
    fc.property(fc.array(document, { minLength: 1, maxLength: 250 }), fc.string(), (documents, query) => {
      const asked = request(documents, query);
      expect(searchUnits(asked)).toBeLessThanOrEqual(searchUnitBound(asked, Buffer.byteLength(JSON.stringify(asked))));
    }),
    { numRuns: 100 },
  );
});
