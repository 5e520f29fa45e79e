/** What the cases are made of. Each list is one dimension; the cases are their product, less what makes no sense. */
export const DIMENSIONS = {
  parser: ['no parser', 'parser'],
  request: ['json', '{}', '5 MB', 'invalid JSON', 'multipart', 'gzip'],
  answer: ['json', 'SSE', 'binary', 'error before headers', 'SSE broken off', 'binary broken off'],
  caller: ['stays', 'leaves early', 'leaves mid-stream'],
  compression: ['compression off', 'compression on'],
  mount: ['/', '/ai', 'nested router'],
} as const;

export type Dimension = keyof typeof DIMENSIONS;

/** One point of the product. */
export type Facets = { readonly [D in Dimension]: (typeof DIMENSIONS)[D][number] };

/** Combinations that could not differ from one that is run, or cannot happen. Each says why. */
export const SENSELESS: readonly { readonly why: string; is(facets: Facets): boolean }[] = [
  {
    why: 'what is refused for its body has one answer, given before anything streams: only "error before headers", and nobody leaves',
    is: ({ request, answer, caller }) => (request === '{}' || request === 'invalid JSON') && (answer !== 'error before headers' || caller !== 'stays'),
  },
  {
    why: 'an upload is answered by JSON or an error: no route takes a form and streams',
    is: ({ request, answer }) => request === 'multipart' && answer !== 'json' && answer !== 'error before headers',
  },
  {
    why: 'once a body has been read its size cannot matter to how an answer is delivered: 5 MB runs with JSON and SSE, and callers who stay',
    is: ({ request, answer, caller }) => request === '5 MB' && (caller !== 'stays' || (answer !== 'json' && answer !== 'SSE')),
  },
  {
    why: 'leaving early means before the head of the answer; the errors and breaks come at or after it',
    is: ({ answer, caller }) => caller === 'leaves early' && answer !== 'json' && answer !== 'SSE' && answer !== 'binary',
  },
  {
    why: 'only a stream has a middle to leave in, and one that breaks off by itself is gone as well',
    is: ({ answer, caller }) => caller === 'leaves mid-stream' && answer !== 'SSE' && answer !== 'binary',
  },
];

/** Every combination that makes sense. */
export function sensibleFacets(): readonly Facets[] {
  return allFacets().filter((facets) => !SENSELESS.some(({ is }) => is(facets)));
}

/** The whole product. */
export function allFacets(): readonly Facets[] {
  return Object.entries(DIMENSIONS).reduce<readonly Partial<Facets>[]>(
    (rows, [dimension, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [dimension]: value }))),
    [{}],
  ) as readonly Facets[];
}
