import { writeFileSync } from 'node:fs';
import { canPin } from './child.ts';
import { measure, measureInProcess } from './measure.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { describeMachine } from './machine.ts';
import { tables } from './report.ts';
import { Results } from './results.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { directTarget, startBench, startVariant, type Target } from './targets.ts';
import { VARIANTS } from './variants.ts';

const options = readOptions(process.argv.slice(2));
if (options) await run(options);
else console.log(USAGE);

async function run(options: BenchOptions): Promise<void> {
  const machine = describeMachine(options.node);
  if (!canPin) console.error('taskset or a second processor is missing: nothing is pinned, and the figures are looser.');
  const results = new Results();
  const bench = await startBench();
  const targets: Target[] = [directTarget(bench.mock, bench.mockPort)];
  try {
    for (const variant of VARIANTS) targets.push(await startVariant(variant, bench.mockPort, options.node));
    for (const scenario of scenarios(options.isQuick).filter((candidate) => isWanted(candidate, options))) {
      console.error(`${scenario.title} …`);
      await measure(bench, scenario, targets, options, results);
    }
    const sluice = targets.find(({ name }) => name === 'sluice-node');
    if (sluice && isWanted({ name: 'in-process' }, options)) await measureInProcess(sluice, options, results);
  } finally {
    await Promise.all([...targets, bench.mock, bench.loader].map((process) => process.stop()));
  }
  console.log(tables(results, machine));
  if (options.jsonFile) writeFileSync(options.jsonFile, JSON.stringify({ machine, options, results }, undefined, 1));
}

function isWanted({ name }: Pick<Scenario, 'name'>, { only }: BenchOptions): boolean {
  return only.length === 0 || only.some((part) => name.includes(part));
}
