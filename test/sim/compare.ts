import type { FigureName, Figures } from './figures.ts';
import type { Scenario } from './scenario.ts';
import { simulate, type SimulationOptions } from './simulate.ts';

/** What every strategy came to in one world. */
export type Compared = { readonly scenario: Scenario; readonly figures: ReadonlyMap<string, Figures> };

export async function compare(scenario: Scenario, options: SimulationOptions): Promise<Compared> {
  const figures = new Map<string, Figures>();
  for (const [name, make] of Object.entries(scenario.strategies)) figures.set(name, await simulate(scenario, make(), options));
  return { scenario, figures };
}

/** The strategies from the best to the worst. */
export function ranked({ figures }: Compared, by: FigureName): readonly (readonly [name: string, value: number])[] {
  return [...figures].map(([name, own]) => [name, own[by]] as const).sort((one, other) => one[1] - other[1]);
}

/** Whether the strategy that is meant to be best is, and nobody is as good. */
export function isChampionBest(compared: Compared): boolean {
  const { champion, at } = compared.scenario;
  const [first, second] = ranked(compared, at);
  return first?.[0] === champion && second !== undefined && second[1] > first[1];
}
