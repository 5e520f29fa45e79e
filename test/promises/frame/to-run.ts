import { seededRandom } from '../../support/seeded-random.ts';
import type { Run } from './proof.ts';

export function toRun(seed: number, isShort: boolean): Run {
  return { isShort, seed, random: seededRandom(seed), scaled: (full, short) => (isShort ? short : full) };
}
