import {
  cascade,
  complexity,
  conditional,
  costBased,
  geographic,
  hybrid,
  latencyBased,
  leastBusy,
  semantic,
  simpleShuffle,
  split,
  sticky,
} from '@sluice/core/routing';
import { HARDNESS, SAYINGS } from './sayings.ts';
import type { Scenario, SimulatedModel } from './scenario.ts';
import type { CallTraits } from './simulated-call.ts';
import { QUESTIONS } from './topics.ts';
import { alike, price } from './worlds.ts';

const PLACES = { 'eu-central-1': 0, 'us-east-1': 1, 'ap-northeast-1': 2 } as const;
const REGIONS = Object.keys(PLACES) as (keyof typeof PLACES)[];
/** There and back between two of them, in milliseconds. */
const APART_MS = [
  [5, 90, 230],
  [90, 5, 150],
  [230, 150, 5],
] as const;

const someone = (random: () => number): string => `s${Math.floor(random() * 2_000)}`;
const pick = <T>(among: readonly T[], random: () => number): T => among[Math.floor(random() * among.length)] as T;

/** Those that everybody may take in place of another one. */
const FEW = { simpleShuffle: () => simpleShuffle(), leastBusy: () => leastBusy(), sticky: () => sticky() };

/** A small, a middling and a large model, of which only the large one can answer everything. */
const SIZES: readonly SimulatedModel[] = [
  { id: 'small', price: price(0.1, 0.4), nature: { firstMs: 100, tokenMs: 3, places: 200, skill: 0 } },
  { id: 'middling', price: price(1, 4), nature: { firstMs: 200, tokenMs: 8, places: 200, skill: 1 } },
  { id: 'large', price: price(5, 20), nature: { firstMs: 500, tokenMs: 15, places: 200, skill: 3 } },
];

function question(random: () => number, ownsUp: boolean): CallTraits {
  const difficulty = pick(HARDNESS, random);
  return {
    difficulty,
    ownsUp: ownsUp && random() < 0.9,
    text: pick(SAYINGS[difficulty] ?? [], random),
    inputTokens: 60,
    outputTokens: 100 + 100 * difficulty,
    session: someone(random),
  };
}

const BY_DIFFICULTY: Scenario['strategies'] = {
  ...FEW,
  costBased: () => costBased(),
  complexity: () => complexity({ simple: 'small', medium: 'middling', complex: 'large', reasoning: 'large' }),
  cascade: () => cascade({ check: { without: ['not sure'] } }),
};

/** What each of the other strategies is for, with those that one might take in its place. */
export const PURPOSES: readonly Scenario[] = [
  {
    name: 'prices',
    about: 'Three hosts alike in speed: one has cheap input, one cheap output, one is in between. Some calls read much and some write much.',
    models: [
      { id: 'reads', price: price(0.2, 8), nature: { firstMs: 200, tokenMs: 8, places: 200 } },
      { id: 'writes', price: price(3, 1), nature: { firstMs: 200, tokenMs: 8, places: 200 } },
      { id: 'between', price: price(1, 4), nature: { firstMs: 200, tokenMs: 8, places: 200 } },
    ],
    callsPerSecond: 10,
    traffic: (random) => ({
      session: someone(random),
      ...(random() < 0.5 ? { inputTokens: 3_000, outputTokens: 100 } : { inputTokens: 200, outputTokens: 800 }),
    }),
    strategies: { ...FEW, latencyBased: () => latencyBased(), costBased: () => costBased(), hybrid: () => hybrid() },
    champion: 'costBased',
    at: 'cost',
  },
  {
    name: 'speed or price',
    about: 'A host that is fast and dear, one that is slow and cheap, and one that is neither, with a few places each.',
    models: [
      { id: 'fast', price: price(10, 40), nature: { firstMs: 100, tokenMs: 4, places: 6 } },
      { id: 'fair', price: price(2, 8), nature: { firstMs: 200, tokenMs: 8, places: 6 } },
      { id: 'slow', price: price(1, 4), nature: { firstMs: 600, tokenMs: 30, places: 6 } },
    ],
    callsPerSecond: 2,
    traffic: (random) => ({ session: someone(random), outputTokens: 200 }),
    strategies: { ...FEW, latencyBased: () => latencyBased(), costBased: () => costBased(), hybrid: () => hybrid() },
    champion: 'hybrid',
    at: 'effort',
  },
  {
    name: 'conversations',
    about: 'Four hosts alike that keep prompts for five minutes and ask a tenth for what they have kept. Conversations send 2,000 tokens at every turn.',
    models: alike(4, () => ({ price: price(2, 8, 0.2), nature: { firstMs: 800, tokenMs: 8, places: 200 } })),
    callsPerSecond: 10,
    traffic: (random, index) => ({ session: `c${Math.floor(index / 400)}-${Math.floor(random() * 40)}`, inputTokens: 2_000, outputTokens: 100 }),
    strategies: { ...FEW, latencyBased: () => latencyBased(), costBased: () => costBased() },
    champion: 'sticky',
    at: 'cost',
  },
  {
    name: 'distance',
    about: 'Callers in Frankfurt, Virginia and Tokyo, and a host in each.',
    models: REGIONS.map((region) => ({
      id: region,
      region,
      price: price(1, 4),
      nature: { firstMs: 100, tokenMs: 2, places: 200, distanceMs: ({ place }) => APART_MS[PLACES[place as keyof typeof PLACES]]?.[PLACES[region]] ?? 0 },
    })),
    callsPerSecond: 10,
    traffic: (random) => ({ place: pick(REGIONS, random), session: someone(random), outputTokens: 40 }),
    strategies: { ...FEW, latencyBased: () => latencyBased(), geographic: () => geographic({ here: 'eu-central-1' }) },
    champion: 'geographic',
    at: 'p50',
  },
  {
    name: 'hard questions',
    about: 'A small, a middling and a large model, of which only the large one can answer everything. Wrong answers sound like right ones.',
    models: SIZES,
    callsPerSecond: 5,
    traffic: (random) => question(random, false),
    strategies: BY_DIFFICULTY,
    champion: 'complexity',
    at: 'wrong',
  },
  {
    name: 'answers that own up',
    about: 'The same, but nine of ten wrong answers say that they are not sure.',
    models: SIZES,
    callsPerSecond: 5,
    traffic: (random) => question(random, true),
    strategies: BY_DIFFICULTY,
    champion: 'cascade',
    at: 'wrong',
  },
  {
    name: 'experts',
    about: 'Three models that each know one field. Questions say in words of their own what the examples say.',
    models: Object.keys(QUESTIONS).map((topic) => ({ id: topic, price: price(1, 4), nature: { firstMs: 200, tokenMs: 8, places: 200, topics: [topic] } })),
    callsPerSecond: 5,
    traffic: (random) => {
      const topic = pick(Object.keys(QUESTIONS), random);
      return { topic, session: someone(random), text: pick(QUESTIONS[topic]?.slice(2) ?? [], random) };
    },
    strategies: {
      ...FEW,
      complexity: () => complexity({ simple: 'law', medium: 'medicine', complex: 'code' }),
      semantic: () =>
        semantic({
          embeddingModel: 'e',
          routes: Object.entries(QUESTIONS).map(([use, texts]) => ({ use, examples: texts.slice(0, 2), threshold: 0.1 })),
          otherwise: 'law',
        }),
    },
    champion: 'semantic',
    at: 'wrong',
  },
  {
    name: 'tiers',
    about: 'A tenth of the calls carries gold in its metadata, and is meant to go to a host that nobody else uses.',
    models: ['premium', 'plain'].map((id) => ({ id, price: price(1, 4), nature: { firstMs: 200, tokenMs: 8, places: 200 } })),
    callsPerSecond: 10,
    traffic: (random) => ({ tier: random() < 0.1 ? 'gold' : 'none', session: someone(random) }),
    strategies: {
      ...FEW,
      conditional: () => conditional({ rules: [{ when: { 'metadata.tier': 'gold' }, use: 'premium' }], otherwise: 'plain' }),
      split: () => split({ shares: { premium: 10, plain: 90 } }),
    },
    champion: 'conditional',
    at: 'misplaced',
  },
  {
    name: 'a test of A against B',
    about: 'A tenth of the users is to try B, and each of them to stay with what they have.',
    models: ['a', 'b'].map((id) => ({ id, weight: id === 'a' ? 9 : 1, price: price(1, 4), nature: { firstMs: 200, tokenMs: 8, places: 200 } })),
    callsPerSecond: 10,
    // Conversations begin anew, and users stay who they are.
    traffic: (random, index) => ({ user: `u${Math.floor(random() * 2_000)}`, session: `c${Math.floor(index / 5)}` }),
    strategies: { ...FEW, split: () => split({ shares: { a: 90, b: 10 }, by: 'user' }) },
    champion: 'split',
    at: 'torn',
  },
];
