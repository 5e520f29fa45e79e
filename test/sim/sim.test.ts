import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { simpleShuffle } from '@sluice/core/routing';
import { compare, isChampionBest, ranked } from './compare.ts';
import { HEDGES } from './hedges.ts';
import { PURPOSES } from './purposes.ts';
import { simulate } from './simulate.ts';
import { STRESS } from './stress.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/routing.md', import.meta.url)), 'utf8');
const all = [...STRESS, ...HEDGES, ...PURPOSES];

describe('each strategy is best at what it is for', () => {
  it.each(all.map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (_, scenario) => {
      const compared = await compare(scenario, { steps: 12_000, seed: 3 });
      const { champion, at } = scenario;
      expect([isChampionBest(compared), ranked(compared, at)]).toEqual([true, expect.arrayContaining([[champion, expect.any(Number)]])]);
    },
    60_000,
  );
});

describe('a simulation', () => {
  it('gives the same figures for the same seed, and leaves the clock of the process as it was', async () => {
    const [world] = STRESS;
    if (!world) throw new Error('no world');
    const before = performance.now();
    const run = (seed: number) => simulate(world, simpleShuffle(), { steps: 3_000, seed });
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
    expect(performance.now() - before).toBeLessThan(60_000);
  });
});

describe('docs/routing.md', () => {
  it('shows every world and every strategy that was compared, the best one bold', () => {
    for (const { name, about, champion } of [...STRESS, ...HEDGES]) {
      expect(page).toContain(`**${name}.** ${about}`);
      expect(page).toMatch(new RegExp(`\\| \\*\\*${champion}\\*\\* \\|.*\\*\\*[\\d.,]+ `));
    }
    for (const { about, champion } of PURPOSES) expect(page).toContain(`| ${champion} | ${about} |`);
  });

  it('has the plots it names', () => {
    const images = [...page.matchAll(/\]\((images\/[\w-]+\.svg)\)/g)].map(([, path]) => path ?? '');
    expect(images).toHaveLength(STRESS.length + HEDGES.length + 1);
    for (const path of images) expect([path, existsSync(fileURLToPath(new URL(`../../docs/${path}`, import.meta.url)))]).toEqual([path, true]);
  });
});
