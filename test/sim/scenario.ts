import type { Deployment, HedgeOptions, Strategy } from '@sluice/core';
import type { CallTraits } from './simulated-call.ts';
import type { Nature } from './simulated-deployment.ts';
import type { FigureName } from './figures.ts';

export type SimulatedModel = Omit<Deployment, 'provider' | 'model' | 'id'> & { readonly id: string; readonly nature: Nature };

/** A strategy, and whether a second answer is asked for beside a slow one. */
export type Entrant = { readonly strategy: Strategy; readonly hedge?: HedgeOptions };

/** A world in which strategies are compared. All of them see the same calls. */
export type Scenario = {
  readonly name: string;
  /** In a sentence. */
  readonly about: string;
  readonly models: readonly SimulatedModel[];
  readonly callsPerSecond: number;
  /** Whether callers ask for streams. */
  readonly isStreamed?: boolean;
  /** The next call. `index` counts them. */
  traffic(random: () => number, index: number): CallTraits;
  readonly strategies: Readonly<Record<string, () => Strategy | Entrant>>;
  /** Who is meant to be best here, and at what. */
  readonly champion: string;
  readonly at: FigureName;
};
