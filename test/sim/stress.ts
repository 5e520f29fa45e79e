import { costBased, hybrid, latencyBased, leastBusy, simpleShuffle, sticky, usageBased } from '@sluice/core/routing';
import type { Strategy } from '@sluice/core';
import type { Scenario } from './scenario.ts';
import { alike, hasBadMinute, price } from './worlds.ts';

/** Those that suit any group. */
export const GENERAL: Readonly<Record<string, () => Strategy>> = {
  simpleShuffle: () => simpleShuffle(),
  leastBusy: () => leastBusy(),
  usageBased: () => usageBased(),
  latencyBased: () => latencyBased(),
  costBased: () => costBased(),
  hybrid: () => hybrid(),
  sticky: () => sticky(),
};

/** Mostly short, some long. */
const answerLength = (random: () => number): number => Math.round(30 + 120 * -Math.log(1 - random()));
const someone = (random: () => number): string => `s${Math.floor(random() * 2_000)}`;

/** Four deployments of one model at different hosts, under what hosts do to their callers. */
export const STRESS: readonly Scenario[] = [
  {
    name: 'load',
    about: 'Four hosts alike, with eight places each and calls for nine tenths of them.',
    models: alike(4, (index) => ({ price: price(1 + index / 20, 4), nature: { firstMs: 200, tokenMs: 8, places: 8 } })),
    callsPerSecond: 18.7,
    traffic: (random) => ({ session: someone(random), outputTokens: answerLength(random) }),
    strategies: GENERAL,
    champion: 'leastBusy',
    at: 'p99',
  },
  {
    name: 'outages',
    about: 'Four hosts alike; every four minutes one of them, in turn, refuses everything for a minute. Weights are 40, 30, 20 and 10.',
    models: alike(4, (index) => ({
      weight: 40 - 10 * index,
      price: price(1 + index / 20, 4),
      nature: { firstMs: 200, tokenMs: 8, places: 200, isDown: (now) => hasBadMinute(now, index, 4) },
    })),
    callsPerSecond: 20,
    traffic: (random) => ({ session: someone(random), outputTokens: answerLength(random) }),
    strategies: GENERAL,
    champion: 'simpleShuffle',
    at: 'uneven',
  },
  {
    name: 'brown-outs',
    about: 'Four hosts alike; every four minutes one of them, in turn, is ten times as slow for a minute and fails nobody.',
    models: alike(4, (index) => ({
      price: price(1 + index / 20, 4),
      nature: { firstMs: 200, tokenMs: 8, places: 200, slowness: (now) => (hasBadMinute(now, index, 4) ? 10 : 1) },
    })),
    callsPerSecond: 20,
    traffic: (random) => ({ session: someone(random), outputTokens: answerLength(random) }),
    strategies: GENERAL,
    champion: 'latencyBased',
    at: 'p99',
  },
  {
    name: 'rate limits',
    about: 'Four hosts that allow 40,000, 80,000, 160,000 and 320,000 tokens a minute, and calls of all sizes for three quarters of it.',
    models: alike(4, (index) => ({
      tokensPerMinute: 40_000 * 2 ** index,
      price: price(1 + index / 20, 4),
      nature: { firstMs: 200, tokenMs: 8, places: 200 },
    })),
    callsPerSecond: 6.2,
    traffic: (random) => ({ session: someone(random), inputTokens: Math.round(100 + 1_000 * -Math.log(1 - random())), outputTokens: answerLength(random) }),
    strategies: GENERAL,
    champion: 'usageBased',
    at: 'refusals',
  },
];
