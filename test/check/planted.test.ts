import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CONFIGURATION = [
  'package.json',
  'biome.json',
  '.gitignore',
  '.dependency-cruiser.cjs',
  'knip.json',
  'pnpm-workspace.yaml',
  'tsconfig.json',
  'tsconfig.base.json',
  'tsconfig.test.json',
  'tools',
  'vitest.config.ts',
];

let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'sluice-planted-'));
  for (const name of CONFIGURATION) cpSync(join(root, name), join(copy, name), { recursive: true });
  // Links stay as they are, so that a package finds its neighbours in the copy and libraries in the checkout.
  cpSync(join(root, 'packages'), join(copy, 'packages'), { recursive: true, verbatimSymlinks: true, filter: (path) => !path.includes(`${join('/', 'dist')}`) });
  for (const name of ['examples', 'test', 'bench']) mkdirSync(join(copy, name));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function plant(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
}

function run(tool: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(join(root, 'node_modules', '.bin', tool), args, { cwd: copy, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return `${stdout}${stderr}`;
}

describe('the rules of who may import whom', () => {
  const CORE = 'packages/core/src';
  const PLANTS = {
    'core-types-looks-up-only': { [`${CORE}/types/planted.ts`]: "import '../errors/gateway-error.ts';" },
    'core-stream-looks-up-only': { [`${CORE}/stream/planted.ts`]: "export type { Hook } from '../pipeline/hook.ts';" },
    'core-pipeline-looks-up-only': { [`${CORE}/pipeline/planted.ts`]: "import '../provider/provider.ts';" },
    'core-gateway-looks-up-only': { [`${CORE}/gateway/planted.ts`]: "import '../index.ts';" },
    'core-folders-are-known': { [`${CORE}/new-folder/planted.ts`]: 'export {};', [`${CORE}/node/planted-2.ts`]: "import '../new-folder/planted.ts';" },
    'hooks-know-no-provider': { [`${CORE}/hooks/planted.ts`]: "import '../provider/provider.ts';" },
    'hooks-know-no-other-hook': { [`${CORE}/hooks/planted-2.ts`]: "import './auth.ts';" },
    'core-knows-nobody': { [`${CORE}/gateway/planted-2.ts`]: "import '../../../providers/openai/src/index.ts';" },
    'plugins-know-core-only': { 'packages/providers/openai/src/planted.ts': "import '../../demo/src/index.ts';" },
    'outer-packages-know-core-only': { 'packages/koa-adapter/src/planted.ts': "import '../../providers/demo/src/index.ts';" },
    'public-names-only': { 'packages/providers/openai/src/planted-2.ts': "import '../../../core/src/errors/gateway-error.ts';" },
    'public-names-only-outside': { 'test/planted.ts': "import '../packages/core/src/stream/on-end.ts';" },
    'nobody-imports-server': { 'packages/config/src/planted.ts': "import '../../server/src/index.ts';" },
    'nobody-imports-the-outside': { 'packages/config/src/planted-2.ts': "import '../../../test/planted.ts';" },
    'no-cycles': { [`${CORE}/errors/planted.ts`]: "import './planted-2.ts';", [`${CORE}/errors/planted-2.ts`]: "import './planted.ts';" },
    'everything-resolves': { 'packages/config/src/planted-3.ts': "import '@sluice/core/errors/gateway-error.ts';" },
  } satisfies Record<string, Record<string, string>>;

  let found: { readonly rule: string; readonly from: string }[];
  beforeAll(() => {
    for (const files of Object.values(PLANTS)) plant(files);
    const report = run('depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'packages', 'test');
    const { summary } = JSON.parse(report) as { summary: { violations: { rule: { name: string }; from: string }[] } };
    found = summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }));
  });

  it.each(Object.entries(PLANTS))('%s', (rule, files) => {
    const planted = found.filter(({ from }) => from in files).map((violation) => violation.rule);
    expect(planted).toContain(rule);
  });
});

describe('lint', () => {
  const PLANTS = {
    'nursery/noFloatingPromises': 'async function late(): Promise<void> {}\nexport function early(): void {\n  late();\n}\n',
    'suspicious/noExplicitAny': 'export const anything: any = 1;\n',
    'style/noDefaultExport': 'export default 1;\n',
    'style/noEnum': 'export enum Colour {\n  Red,\n}\n',
    'suspicious/noTsIgnore': '// @ts-ignore\nexport const one: string = 1;\n',
    'suspicious/noFocusedTests': "import { it } from 'vitest';\nit.only('alone', () => {});\n",
    'suspicious/noSkippedTests': "import { it } from 'vitest';\nit.skip('never', () => {});\n",
  };

  it.each(Object.entries(PLANTS))('%s', (rule, text) => {
    const file = `packages/config/src/${rule.split('/')[1]?.toLowerCase()}.test.ts`;
    plant({ [file]: text });
    expect(run('biome', 'lint', file)).toContain(`lint/${rule}`);
  });

  it('style/useFilenamingConvention', () => {
    plant({ 'packages/config/src/CamelCase.ts': 'export const one = 1;\n' });
    expect(run('biome', 'lint', 'packages/config/src/CamelCase.ts')).toContain('lint/style/useFilenamingConvention');
  });
});

describe('unused', () => {
  it('finds a file, an export and a dependency that nothing uses', () => {
    plant({
      'packages/config/src/unused-file.ts': 'export const forgotten = 1;\n',
      'packages/loggers/pino/package.json': JSON.stringify({
        name: '@sluice/logger-pino',
        type: 'module',
        exports: { '.': './src/index.ts' },
        dependencies: { zod: '1' },
      }),
    });
    const report = run('knip', '--no-progress');
    expect(report).toContain('packages/config/src/unused-file.ts');
    expect(report).toMatch(/^zod +packages\/loggers\/pino/m);
  });
});

describe('the command', () => {
  it('runs every step that is named though the first one fails, says what is wrong, and ends with 1', () => {
    spawnSync('git', ['init', '--quiet'], { cwd: copy });
    plant({
      'packages/config/src/note.ts': `// ${'TO'}DO: later, with the word marmalade\n`,
      'packages/stores/planted/package.json': '{ "name": "@sluice/store-planted" }',
    });
    const env = { ...process.env, CHECK_WORDS: 'marmalade' };
    const { stdout, stderr, status } = spawnSync(process.execPath, ['tools/check.mjs', 'house', 'words'], { cwd: copy, env, encoding: 'utf8' });
    expect(stdout).toMatch(/^FAIL house .*\nFAIL words /);
    expect(stderr).toContain('packages/stores/planted: has no README.md');
    expect(stderr).toContain('packages/config/src/note.ts:1: unfinished');
    expect(stderr).toContain("packages/config/src/note.ts:1: 'marmalade' does not belong here");
    expect(status).toBe(1);
  });
});

describe('packages', () => {
  it('finds files that would be missing after publishing, and types that do not resolve', () => {
    rmSync(join(copy, 'packages'), { recursive: true });
    const manifest = {
      name: '@sluice/store-planted',
      version: '0.1.0',
      type: 'module',
      files: ['dist'],
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './more': './dist/more.js' },
    };
    plant({
      'packages/stores/planted/package.json': JSON.stringify(manifest),
      'packages/stores/planted/dist/index.js': 'export const one = 1;\n',
      'packages/stores/planted/dist/index.d.ts': "export * from './without-extension';\n",
    });
    const { stdout, stderr } = spawnSync(process.execPath, ['tools/check.mjs', 'packages'], { cwd: copy, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    expect(stdout).toMatch(/^FAIL packages/);
    expect(stderr).toContain('pkg.exports["./more"] is ./dist/more.js but the file does not exist');
    expect(stderr).toContain('Internal resolution error');
  });
});
