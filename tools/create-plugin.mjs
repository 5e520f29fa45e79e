// Writes a working plugin package with its tests: `pnpm create-plugin provider my-name [--out FOLDER]`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './check/run-tool.mjs';
import { nameProblem } from './create-plugin/check-name.mjs';
import { KINDS, kindProblem } from './create-plugin/kinds.mjs';
import { packageName, standaloneFiles, workspaceFiles } from './create-plugin/manifest.mjs';
import { render, writeNew } from './create-plugin/render.mjs';

const USAGE = `Usage: pnpm create-plugin ${Object.keys(KINDS).join('|')} NAME [--out FOLDER]`;

/** Answers with what is wrong, or nothing. */
function createPlugin(args) {
  const { values, positionals } = parseArgs({ args, options: { out: { type: 'string' } }, allowPositionals: true });
  const [kind, name, ...more] = positionals;
  if (kind === undefined || name === undefined || more.length > 0 || values.out === '') return USAGE;
  const problem = kindProblem(kind) ?? nameProblem(kind, name);
  if (problem !== undefined) return problem;

  const isOurs = values.out === undefined;
  // pnpm runs scripts in the root; what a caller calls `.` is where the caller is.
  const folder = isOurs ? join(root, 'packages', KINDS[kind].folder, name) : resolve(process.env.INIT_CWD ?? '', values.out);
  const files = { ...(isOurs ? workspaceFiles : standaloneFiles)(kind, name), ...render(kind, name, packageName(kind, name, isOurs)) };
  const refusal = writeNew(folder, files);
  if (refusal !== undefined) return refusal;
  if (isOurs) addReference(relative(root, folder));
  console.log([`Wrote ${packageName(kind, name, isOurs)} to ${folder}:`, ...Object.keys(files).map((path) => `  ${path}`), '', 'Next:'].join('\n'));
  console.log((isOurs ? stepsHere(kind, relative(root, folder)) : stepsElsewhere(folder)).map((step, index) => `  ${index + 1}. ${step}`).join('\n'));
  return undefined;
}

function addReference(path) {
  const file = join(root, 'tsconfig.json');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  config.references.push({ path });
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
}

function stepsHere(kind, folder) {
  return [
    'node tools/pnpm.mjs install --no-frozen-lockfile',
    `npx vitest run ${folder}`,
    `Write what it is for into ${folder}/src and its README.md; CONTRIBUTING.md says what such a package has to keep.`,
    `Add a line to the table of packages in README.md${kind === 'provider' ? ', and run `node tools/pnpm.mjs docs:providers`' : ''}.`,
    'node tools/check.mjs',
  ];
}

function stepsElsewhere(folder) {
  return [
    `cd ${folder} && npm install`,
    'npm test',
    'Write what it is for into src and README.md, and choose a license in package.json.',
    'npm publish, or install the folder into your app.',
  ];
}

try {
  const problem = createPlugin(process.argv.slice(2).filter((arg) => arg !== '--'));
  if (problem !== undefined) fail(problem);
} catch (error) {
  if (!String(error.code).startsWith('ERR_PARSE_ARGS')) throw error;
  fail(`${error.message}\n${USAGE}`);
}

function fail(problem) {
  console.error(problem);
  process.exitCode = 1;
}
