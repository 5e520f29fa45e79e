import { readJson } from '../check/workspace.mjs';
import { KINDS } from './kinds.mjs';

/** package.json and tsconfig.json of a package in this repository. */
export function workspaceFiles(kind, name) {
  const { version, license, engines } = readJson('package.json');
  const { tests } = KINDS[kind];
  return {
    'package.json': toJson({
      ...head(kind, packageName(kind, name, true), version),
      license,
      ...shape(engines, { '@sluice/source': './src/index.ts' }),
      dependencies: { '@sluice/core': 'workspace:^' },
      devDependencies: Object.fromEntries(tests.map((test) => [`@sluice/${test}`, 'workspace:^'])),
    }),
    'tsconfig.json': toJson({
      extends: '../../../tsconfig.base.json',
      compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
      include: ['src'],
      references: ['core', ...tests].map((test) => ({ path: `../../${test.replace('provider-', 'providers/')}` })),
    }),
  };
}

/** The same for a package anywhere else, which uses what is published. */
export function standaloneFiles(kind, name) {
  const { version, engines, devDependencies } = readJson('package.json');
  const { composite: _composite, customConditions: _conditions, ...compilerOptions } = readJson('tsconfig.base.json').compilerOptions;
  const ours = Object.fromEntries(['core', ...KINDS[kind].tests].map((test) => [`@sluice/${test}`, `^${version}`]));
  const tools = Object.fromEntries(['@types/node', 'typescript', 'vitest'].map((tool) => [tool, devDependencies[tool]]));
  return {
    'package.json': toJson({
      ...head(kind, packageName(kind, name, false), '0.1.0'),
      ...shape(engines, {}),
      scripts: { build: 'tsc', test: 'vitest run src', prepack: 'npm run build' },
      peerDependencies: { '@sluice/core': `^${version}` },
      devDependencies: { ...ours, ...tools },
    }),
    'tsconfig.json': toJson({ compilerOptions: { ...compilerOptions, rootDir: 'src', outDir: 'dist' }, include: ['src'] }),
    '.gitignore': 'node_modules/\ndist/\n',
  };
}

/** Ours are scoped; anybody else's are found by `sluice-` before them. */
export function packageName(kind, name, isOurs) {
  return `${isOurs ? '@sluice/' : 'sluice-'}${KINDS[kind].prefix}-${name}`;
}

function head(kind, name, version) {
  return { name, version, description: `${withArticle(kind)} for the Sluice LLM gateway` };
}

/** As a sentence begins with it. */
function withArticle(kind) {
  return `${/^[aeiou]/.test(kind) ? 'An' : 'A'} ${kind}`;
}

function shape(engines, conditions) {
  return {
    type: 'module',
    engines,
    sideEffects: false,
    files: ['dist', '!dist/**/*.test.*', '!dist/*.tsbuildinfo'],
    exports: { '.': { ...conditions, types: './dist/index.d.ts', default: './dist/index.js' } },
  };
}

function toJson(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
