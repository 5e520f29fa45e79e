import { percentile } from '../support/percentile.ts';

/** What became of one call. Of a stream it is the first token that is waited for. */
export type CallEnd = {
  readonly user: string;
  readonly tier: string;
  readonly tookMs: number;
  readonly isAnswered: boolean;
  readonly isRight: boolean;
  readonly deployment: string;
};

/** Of each, less is better. */
export const FIGURES = {
  p50: { unit: 'ms', about: 'median time of an answer' },
  p99: { unit: 'ms', about: 'time that 99 of 100 answers take at most' },
  errors: { unit: '%', about: 'calls that were not answered' },
  cost: { unit: 'USD', about: 'of a thousand calls' },
  refusals: { unit: '%', about: 'tries that a provider refused, to the calls' },
  wrong: { unit: '%', about: 'answers that are not right' },
  effort: { unit: 's·USD', about: 'time of 99 of 100 answers at most, times the cost of a thousand calls' },
  uneven: { unit: '%', about: 'calls that would have to go elsewhere for shares as the weights say' },
  misplaced: { unit: '%', about: 'calls that went where they were not meant to go' },
  torn: { unit: '%', about: 'users who met more than one arm' },
} as const;

export type FigureName = keyof typeof FIGURES;
export type Figures = Readonly<Record<FigureName, number>>;

export type World = {
  readonly ends: readonly CallEnd[];
  readonly costNanoUsd: number;
  readonly refused: number;
  /** Shares as they are meant to be, by deployment. */
  readonly weights: ReadonlyMap<string, number>;
};

const NANO = 1e9;

export function toFigures({ ends, costNanoUsd, refused, weights }: World): Figures {
  const calls = ends.length;
  const answered = ends.filter(({ isAnswered }) => isAnswered);
  const right = answered.filter(({ isRight }) => isRight).length;
  const took = answered.map(({ tookMs }) => tookMs);
  const [p99, cost] = [percentile(took, 0.99), (1000 * costNanoUsd) / NANO / calls];
  return {
    p50: percentile(took, 0.5),
    p99,
    errors: percent(calls - answered.length, calls),
    cost,
    refusals: percent(refused, calls),
    wrong: percent(answered.length - right, answered.length),
    effort: (p99 / 1000) * cost,
    uneven: uneven(answered, weights),
    misplaced: percent(answered.filter(({ tier, deployment }) => (tier === 'gold') !== (deployment === 'premium')).length, answered.length),
    torn: torn(answered),
  };
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

function uneven(ends: readonly CallEnd[], weights: ReadonlyMap<string, number>): number {
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const counts = new Map<string, number>();
  for (const { deployment } of ends) counts.set(deployment, (counts.get(deployment) ?? 0) + 1);
  const off = [...weights].map(([id, weight]) => Math.abs((counts.get(id) ?? 0) / ends.length - weight / total));
  return 50 * off.reduce((sum, one) => sum + one, 0);
}

function torn(ends: readonly CallEnd[]): number {
  const arms = new Map<string, Set<string>>();
  for (const { user, deployment } of ends) {
    const seen = arms.get(user) ?? new Set();
    arms.set(user, seen.add(deployment));
  }
  return percent([...arms.values()].filter(({ size }) => size > 1).length, arms.size);
}
