import { HEDGES } from './hedges.ts';
import { PURPOSES } from './purposes.ts';
import type { Scenario } from './scenario.ts';
import { STRESS } from './stress.ts';

export function worldNamed(name: string): Scenario {
  const found = [...STRESS, ...HEDGES, ...PURPOSES].find((scenario) => scenario.name === name);
  if (!found) throw new Error(`No world is named '${name}'`);
  return found;
}
