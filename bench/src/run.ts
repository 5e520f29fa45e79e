import { writeFileSync } from 'node:fs';
import { canPin } from './child.ts';
import { describeMachine, machineText } from './machine.ts';
import { measure, measureInProcess } from './measure.ts';
import { measureOpenStreams, openStreams } from './memory.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { startPeers } from './peers.ts';
import { report } from './report.ts';
import { Results } from './results.ts';
import { scenarios } from './scenarios.ts';
import { soak, soakText } from './soak.ts';
import { type Bench, directTarget, startBench, startVariant, type Target } from './targets.ts';
import { QUICK_VARIANTS, VARIANTS } from './variants.ts';
import { writeSection } from './write-docs.ts';

const DOCS = new URL('../../docs/performance.md', import.meta.url);

const options = readOptions(process.argv.slice(2));
if (options) await run(options);
else console.log(USAGE);

async function run(options: BenchOptions): Promise<void> {
  const machine = describeMachine(options.node);
  if (!canPin) console.error('taskset or a second processor is missing: nothing is pinned, and the figures are looser.');
  const major = machine.node.replace(/^v(\d+).*/, '$1');
  const bench = await startBench();
  try {
    const { text, data } = options.withSoak ? await runSoak(bench, options) : await runLoad(bench, options);
    const full = `${machineText(machine)}\n\n${text}`;
    console.log(full);
    if (options.jsonFile) writeFileSync(options.jsonFile, JSON.stringify({ machine, options, ...data }, undefined, 1));
    if (options.writeDocs)
      writeSection(DOCS, options.withSoak ? `soak-node${major}` : `node${major}`, `## ${options.withSoak ? 'Soak, ' : ''}Node ${major}\n\n${full}`);
  } finally {
    await Promise.all([bench.mock.stop(), bench.loader.stop()]);
  }
}

async function runSoak(bench: Bench, options: BenchOptions): Promise<{ text: string; data: object }> {
  const soaked = await soak(bench, options);
  return { text: soakText(soaked), data: { soak: soaked } };
}

async function runLoad(bench: Bench, options: BenchOptions): Promise<{ text: string; data: object }> {
  const results = new Results();
  const targets: Target[] = [directTarget(bench.mock, bench.mockPort)];
  try {
    const variants = options.isQuick ? VARIANTS.filter(({ name }) => QUICK_VARIANTS.includes(name)) : VARIANTS;
    for (const variant of variants) targets.push(await startVariant(variant, bench.mockPort, options.node));
    if (options.withPeers) targets.push(...(await startPeers(bench.mockPort, options.node)));
    for (const scenario of scenarios(options.isQuick).filter(({ name }) => isWanted(name, options))) {
      console.error(`${scenario.title} …`);
      await measure(bench, scenario, targets, options, results);
    }
    const sluice = targets.find(({ name }) => name === 'sluice-node');
    if (sluice && isWanted('in-process', options)) await measureInProcess(sluice, options, results);
    for (const target of targets) results.add('after-load', target.name, { rssBytes: await target.residentBytes() });
  } finally {
    await Promise.all(targets.map((target) => target.stop()));
  }
  if (!options.isQuick && isWanted('open-streams', options)) await runOpenStreams(bench, options, results);
  return { text: report(results), data: { results } };
}

/** In fresh processes, one after the other: what a stream adds is seen best where nothing was before. */
async function runOpenStreams(bench: Bench, options: BenchOptions, results: Results): Promise<void> {
  console.error('1,000 open streams …');
  await measureOpenStreams(bench, options, results);
  if (!options.withPeers) return;
  for (const peer of await startPeers(bench.mockPort, options.node)) {
    await openStreams(bench, peer, results);
    await peer.stop();
  }
}

function isWanted(name: string, { only }: BenchOptions): boolean {
  return only.length === 0 || only.some((part) => name.includes(part));
}
