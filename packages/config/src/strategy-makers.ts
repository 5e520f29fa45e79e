import type { Strategy } from '@sluice/core';
import {
  cascade,
  complexity,
  conditional,
  geographic,
  hybrid,
  latencyBased,
  NAMED_STRATEGIES,
  namedStrategy,
  semantic,
  split,
  sticky,
  type ComplexityScoring,
} from '@sluice/core/routing';
import type { Scoring, StrategyArgs } from './schema/strategy-args.ts';

type Args = StrategyArgs;
type Maker = {
  readonly takes: readonly (keyof Args)[];
  /** What it cannot be made without. */
  readonly needs?: readonly (keyof Args)[];
  /** With all that it needs. */
  make(args: Args): Strategy;
};

const SCORING = [
  'tier_boundaries',
  'dimension_weights',
  'token_thresholds',
  'code_keywords',
  'reasoning_keywords',
  'technical_keywords',
  'simple_keywords',
] as const satisfies readonly (keyof Args)[];

const byLatency: Maker = { takes: ['lowest_latency_buffer'], make: ({ lowest_latency_buffer: buffer }) => latencyBased(said({ buffer })) };

/** The strategies that can be told something, by the names they have in files. */
const MAKERS: Readonly<Record<string, Maker>> = {
  'latency-based-routing': byLatency,
  'latency-based': byLatency,
  hybrid: { takes: ['latency', 'cost', 'load'], make: ({ latency, cost, load }) => hybrid(said({ latency, cost, load })) },
  sticky: { takes: ['by'], make: ({ by }) => sticky(said({ by })) },
  complexity: {
    takes: ['tiers', 'default_model', ...SCORING],
    needs: ['tiers'],
    make: ({ tiers, default_model: otherwise, ...scoring }) => complexity(levelsOf(tiers, otherwise), toScoring(scoring)),
  },
  semantic: {
    takes: ['routes', 'embedding_model', 'default_model'],
    needs: ['routes', 'embedding_model', 'default_model'],
    make: ({ routes = [], embedding_model: embeddingModel = '', default_model: otherwise = '' }) =>
      semantic({
        embeddingModel,
        otherwise,
        routes: routes.map(({ name, utterances, score_threshold: threshold }) => ({ use: name, examples: utterances, ...said({ threshold }) })),
      }),
  },
  cascade: {
    takes: ['check', 'order'],
    needs: ['check'],
    make({ check = {}, order }) {
      const { min_characters: minCharacters, json, without, complete } = check;
      return cascade({ check: said({ minCharacters, json, without, complete }), ...said({ order }) });
    },
  },
  geographic: { takes: ['here', 'regions'], needs: ['here'], make: ({ here = '', regions }) => geographic({ here, ...said({ regions }) }) },
  conditional: {
    takes: ['rules', 'otherwise'],
    needs: ['rules'],
    make: ({ rules = [], otherwise }) => conditional({ rules: rules.map(({ name, when, use }) => ({ when, use, ...said({ name }) })), ...said({ otherwise }) }),
  },
  split: { takes: ['shares', 'by', 'name'], needs: ['shares'], make: ({ shares = {}, by, name }) => split({ shares, ...said({ by, name }) }) },
};

/** Every strategy that a file can name. */
export const FILE_STRATEGIES: readonly string[] = [...new Set([...NAMED_STRATEGIES, ...Object.keys(MAKERS)])];

/** How the strategy of a name is made; nothing where there is none. */
export function makerOf(name: string): Maker | undefined {
  if (Object.hasOwn(MAKERS, name)) return MAKERS[name];
  const strategy = namedStrategy(name);
  return strategy && { takes: [], make: () => strategy };
}

/** The model of each level, those that are not named by the one for all. */
export function levelsOf(tiers: Args['tiers'] = {}, otherwise?: string): Parameters<typeof complexity>[0] {
  const { SIMPLE: simple = otherwise, MEDIUM: medium = otherwise, COMPLEX: complex = otherwise, REASONING: reasoning = otherwise } = tiers;
  return said({ simple, medium, complex, reasoning });
}

export function toScoring({ tier_boundaries: boundaries, dimension_weights: weights, token_thresholds: tokens, ...words }: Scoring): ComplexityScoring {
  const { code_keywords: code, reasoning_keywords: reasoning, technical_keywords: technical, simple_keywords: simple } = words;
  return {
    ...(boundaries && {
      boundaries: said({ medium: boundaries.simple_medium, complex: boundaries.medium_complex, reasoning: boundaries.complex_reasoning }),
    }),
    ...(weights && {
      weights: said({
        tokens: weights.tokenCount,
        code: weights.codePresence,
        reasoning: weights.reasoningMarkers,
        technical: weights.technicalTerms,
        simple: weights.simpleIndicators,
        steps: weights.multiStepPatterns,
        questions: weights.questionComplexity,
      }),
    }),
    ...(tokens && { tokens: said({ few: tokens.simple, many: tokens.complex }) }),
    words: said({ code, reasoning, technical, simple }),
  };
}

type Said<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** What of it was given. */
function said<T extends object>(value: T): Said<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Said<T>;
}
