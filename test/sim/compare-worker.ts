import { compare } from './compare.ts';
import type { Figures } from './figures.ts';
import type { SimulationOptions } from './simulate.ts';
import { worldNamed } from './worlds-by-name.ts';

/** What the parent of this process asks for, and what it is answered. */
export type ComparisonOrder = { readonly name: string; readonly options: SimulationOptions };
export type ComparisonAnswer = readonly (readonly [strategy: string, figures: Figures])[];

process.once('message', (order: ComparisonOrder) => void obey(order));

async function obey({ name, options }: ComparisonOrder): Promise<void> {
  const { figures } = await compare(worldNamed(name), options);
  process.send?.([...figures] satisfies ComparisonAnswer, () => process.exit());
}
