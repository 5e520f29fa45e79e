import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Compared, compare, isChampionBest, ranked } from './compare.ts';
import { PURPOSES } from './purposes.ts';
import { purposeChart, purposeTable, stressChart, stressTables, toText } from './report.ts';
import type { Scenario } from './scenario.ts';
import { STRESS } from './stress.ts';

const DOCS = 'docs/routing.md';
const IMAGES = 'docs/images';
const HEADING = '## Compared';

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
  options: {
    steps: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});
const options = { steps: Number(values.steps), seed: Number(values.seed) };

const stress = await compareAll(STRESS);
const purposes = await compareAll(PURPOSES);
if (values.write) write(stress, purposes);
process.exitCode = [...stress, ...purposes].every(isChampionBest) ? 0 : 1;

async function compareAll(scenarios: readonly Scenario[]): Promise<Compared[]> {
  const all: Compared[] = [];
  for (const scenario of scenarios) {
    const compared = await compare(scenario, options);
    const order = ranked(compared, scenario.at).map(([name, value]) => `${name} ${toText(scenario.at, value)}`);
    console.log(`${isChampionBest(compared) ? 'ok  ' : 'MISS'} ${scenario.name}, ${scenario.champion} by ${scenario.at}: ${order.join(', ')}`);
    all.push(compared);
  }
  return all;
}

/** The tables below the heading that is theirs, which is the last one of the page, and the plots beside them. */
function write(general: readonly Compared[], special: readonly Compared[]): void {
  mkdirSync(IMAGES, { recursive: true });
  for (const compared of general) writeFileSync(`${IMAGES}/routing-${slug(compared.scenario.name)}.svg`, stressChart(compared));
  writeFileSync(`${IMAGES}/routing-purposes.svg`, purposeChart(special));
  const page = readFileSync(DOCS, 'utf8');
  const at = page.indexOf(HEADING);
  const before = (at < 0 ? page : page.slice(0, at)).trimEnd();
  writeFileSync(DOCS, `${before}\n\n${HEADING}\n\n${section(general, special)}\n`);
}

function section(general: readonly Compared[], special: readonly Compared[]): string {
  const images = general.map(({ scenario }) => `![${scenario.name}](images/routing-${slug(scenario.name)}.svg)`);
  return [
    `The router itself, with a clock of its own, in simulated worlds: ${options.steps.toLocaleString('en-US')} events a run (\`pnpm sim --seed ${options.seed}\`; \`--write\` makes this section). Every strategy meets the same calls. Less is better in every column; what a strategy is for is bold. A test runs the same worlds shorter.`,
    'Strategies that suit any group, under what hosts do to their callers. Where nobody stops it, `costBased` piles everything on the cheapest host: give deployments `parallelCalls` or the limits that they have.',
    stressTables(general),
    images.join('\n\n'),
    'The others, each at what it is for, against those that one might take in its place:',
    purposeTable(special),
    '![each at what it is for](images/routing-purposes.svg)',
  ].join('\n\n');
}

function slug(name: string): string {
  return name.replaceAll(' ', '-');
}
