import { fastestResponse, latencyBased, leastBusy, simpleShuffle } from '@sluice/core/routing';
import type { Scenario } from './scenario.ts';
import { alike, price } from './worlds.ts';

/** A second answer costs less than this but for one call of ten. */
const MOST_NANO_USD = 5_000_000;
const PATIENCE = { percentile: 95, maxPercent: 10 } as const;

/** What a second answer beside a slow one is for, and what its price is without a bound. */
export const HEDGES: readonly Scenario[] = [
  {
    name: 'late first tokens',
    about:
      'Four hosts alike, each of which begins three of a hundred streams eight seconds late, nobody knows which. One call of ten reads 10,000 tokens and the others 400. Times are those of the first token.',
    models: alike(4, () => ({ price: price(1, 4), nature: { firstMs: 300, tokenMs: 8, places: 200, lateMs: 8_000, latePercent: 3 } })),
    callsPerSecond: 10,
    isStreamed: true,
    traffic: (random, index) => ({ session: `s${index % 500}`, inputTokens: random() < 0.1 ? 10_000 : 400, outputTokens: 100 }),
    strategies: {
      simpleShuffle: () => simpleShuffle(),
      leastBusy: () => leastBusy(),
      latencyBased: () => latencyBased(),
      fastestResponse: () => fastestResponse(),
      'hedge at any price': () => ({ strategy: simpleShuffle(), hedge: PATIENCE }),
      hedge: () => ({ strategy: simpleShuffle(), hedge: { ...PATIENCE, maxCostNanoUsd: MOST_NANO_USD } }),
    },
    champion: 'hedge',
    at: 'effort',
  },
];
