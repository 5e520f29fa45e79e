// Everything that has to hold before a commit, but the tests. All steps run even when one fails.
// `node tools/check.mjs lint words` runs only the steps it names.
import { checkHouse } from './check/house.mjs';
import { checkPackages } from './check/packages.mjs';
import { runTool } from './check/run-tool.mjs';
import { checkWords } from './check/words.mjs';

/** Each answers with what is wrong, as text; nothing wrong is an empty string. */
const STEPS = {
  types: () => runTool('tsc', ['-b']),
  'types of tests': () => runTool('tsc', ['-p', 'tsconfig.test.json']),
  lint: () => runTool('biome', ['lint', '--error-on-warnings', '--max-diagnostics=50', '.']),
  imports: () => runTool('depcruise', ['--config', '.dependency-cruiser.cjs', 'packages', 'examples', 'test', 'bench', 'tools']),
  unused: () => runTool('knip', ['--no-progress']),
  house: checkHouse,
  packages: checkPackages,
  words: checkWords,
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in STEPS));
if (unknown.length > 0) {
  console.error(`No step is named ${unknown.join(', ')}. There are: ${Object.keys(STEPS).join(', ')}.`);
  process.exit(2);
}

const complaints = [];
for (const [name, step] of Object.entries(STEPS)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const startedAt = performance.now();
  const complaint = await step();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${complaint === '' ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (complaint !== '') complaints.push(`\n--- ${name}\n${complaint}`);
}
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;
