import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { replaceSection } from '../support/replace-section.ts';
import { type Compared, isChampionBest, ranked } from './compare.ts';
import { compareAll } from './compare-all.ts';
import { HEDGES } from './hedges.ts';
import { PURPOSES } from './purposes.ts';
import { hedgeChart, hedgeTables, purposeChart, purposeTable, stressChart, stressTables, toText } from './report.ts';
import type { Scenario } from './scenario.ts';
import { STRESS } from './stress.ts';

const DOCS = 'docs/routing.md';
const IMAGES = 'docs/images';
const HEADING = 'Compared';

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
  options: {
    steps: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    write: { type: 'boolean', default: false },
  },
});
const options = { steps: Number(values.steps), seed: Number(values.seed) };
/** These worlds have no bad minutes, so that a quarter of an hour tells as much as an hour. */
const short = { ...options, steps: options.steps / 4 };

const orders = [...STRESS.map((scenario) => ({ scenario, options })), ...[...HEDGES, ...PURPOSES].map((scenario) => ({ scenario, options: short }))];
const all = await compareAll(orders, Number(values.jobs), tell);
if (values.write) write(among(STRESS), among(HEDGES), among(PURPOSES));
process.exitCode = all.every(isChampionBest) ? 0 : 1;

function among(worlds: readonly Scenario[]): Compared[] {
  return all.filter(({ scenario }) => worlds.includes(scenario));
}

function tell(compared: Compared): void {
  const { name, champion, at } = compared.scenario;
  const order = ranked(compared, at).map(([strategy, value]) => `${strategy} ${toText(at, value)}`);
  console.log(`${isChampionBest(compared) ? 'ok  ' : 'MISS'} ${name}, ${champion} by ${at}: ${order.join(', ')}`);
}

/** The tables below the heading that is theirs, and the plots beside the page. */
function write(general: readonly Compared[], hedged: readonly Compared[], special: readonly Compared[]): void {
  mkdirSync(IMAGES, { recursive: true });
  for (const compared of general) writeFileSync(`${IMAGES}/routing-${slug(compared.scenario.name)}.svg`, stressChart(compared));
  for (const compared of hedged) writeFileSync(`${IMAGES}/routing-${slug(compared.scenario.name)}.svg`, hedgeChart(compared));
  writeFileSync(`${IMAGES}/routing-purposes.svg`, purposeChart(special));
  writeFileSync(DOCS, replaceSection(readFileSync(DOCS, 'utf8'), HEADING, section(general, hedged, special)));
}

function section(general: readonly Compared[], hedged: readonly Compared[], special: readonly Compared[]): string {
  const imagesOf = (worlds: readonly Compared[]): string =>
    worlds.map(({ scenario }) => `![${scenario.name}](images/routing-${slug(scenario.name)}.svg)`).join('\n\n');
  return [
    `The router itself, with a clock of its own, in simulated worlds: ${options.steps.toLocaleString('en-US')} events a run, a quarter of that in the tables below the first four (\`pnpm sim --steps ${options.steps} --seed ${options.seed}\`; \`--write\` makes this section). Every strategy meets the same calls. Less is better in every column; what a strategy is for is bold. A test runs the same worlds shorter.`,
    'Strategies that suit any group, under what hosts do to their callers. Where nobody stops it, `costBased` piles everything on the cheapest host: give deployments `parallelCalls` or the limits that they have.',
    stressTables(general),
    imagesOf(general),
    'A second answer beside a slow one (`hedge`), without a bound to its price and with one:',
    hedgeTables(hedged),
    imagesOf(hedged),
    'The others, each at what it is for, against those that one might take in its place:',
    purposeTable(special),
    '![each at what it is for](images/routing-purposes.svg)',
  ].join('\n\n');
}

function slug(name: string): string {
  return name.replaceAll(' ', '-');
}
