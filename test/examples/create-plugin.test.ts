import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningExample, startExample } from './run-example.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PREFIXES = { provider: 'provider', guardrail: 'guardrail', store: 'store', hook: 'plugin', sink: 'logger', identity: 'identity' } as const;
const KINDS = Object.keys(PREFIXES) as readonly (keyof typeof PREFIXES)[];
const KEY = 'sk-only-for-trying-out';

type TestFile = { readonly name: string; readonly status: string; readonly assertionResults: readonly object[] };

/** Somebody's folder, where packages are installed as npm would: what is ours is what was built. */
let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-create-plugin-')));
  for (const name of ['core', 'testing', 'express-adapter']) link(`packages/${name}`, `@sluice/${name}`);
  link('packages/providers/demo', '@sluice/provider-demo');
  link('packages/express-adapter/node_modules/express', 'express');
  for (const name of ['vitest', '@types']) link(`node_modules/${name}`, name);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function link(target: string, name: string): void {
  const path = join(folder, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(root, target), path, 'dir');
}

function createPlugin(args: readonly string[], checkout = root): { readonly status: number | null; readonly output: string } {
  // As pnpm runs it: in the root of the repository, told where its caller is.
  const options = { cwd: checkout, env: { ...process.env, INIT_CWD: folder }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(checkout, 'tools/create-plugin.mjs'), ...args], options);
  return { status, output: stdout + stderr };
}

function runTool(name: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', name), args, { cwd: folder, encoding: 'utf8' });
  return stdout + stderr;
}

describe('a package that goes elsewhere', () => {
  it.each(KINDS)('of the kind %s is written, says what is next, and has no type errors', { timeout: 60_000 }, (kind) => {
    const { status, output } = createPlugin([kind, 'north-wind', '--out', `${kind}s`]);
    expect(output).toMatch(/^Wrote .*\n[^]*package\.json\n[^]*src\/index\.test\.ts\n[^]*Next:\n {2}1\. cd .*npm install\n {2}2\. npm test\n/);
    expect(status).toBe(0);
    const written = readdirSync(join(folder, `${kind}s`), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = written.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')).join('\n');
    expect(texts).toContain(`sluice-${PREFIXES[kind]}-north-wind`);
    expect(texts).not.toMatch(/sample.?name|workspace:|@sluice\/source/i);
    expect(runTool('tsc', '-p', `${kind}s`)).toBe('');
    expect(existsSync(join(folder, `${kind}s/dist/index.d.ts`))).toBe(true);
  });

  it('passes its own tests, whatever its kind, and not when it breaks the contract', { timeout: 180_000 }, () => {
    createPlugin(['guardrail', 'north-wind', '--out', 'broken']);
    const file = join(folder, 'broken/src/guardrail.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('start < 0', 'start < 1'));
    const { testResults } = JSON.parse(runTool('vitest', 'run', '/src/', '--root', folder, '--reporter=json')) as { readonly testResults: readonly TestFile[] };
    const statuses = Object.fromEntries(testResults.map(({ name, status }) => [name.slice(folder.length + 1), status]));
    expect(statuses).toEqual({
      ...Object.fromEntries(KINDS.map((kind) => [`${kind}s/src/index.test.ts`, 'passed'])),
      'broken/src/index.test.ts': 'failed',
    });
    for (const { assertionResults } of testResults) expect(assertionResults.length).toBeGreaterThan(6);
  });

  it('is not written over another one', () => {
    const readme = join(folder, 'hooks/README.md');
    writeFileSync(readme, 'mine');
    const { status, output } = createPlugin(['hook', 'south-wind', '--out', 'hooks']);
    expect([status, output]).toEqual([1, expect.stringMatching(/hooks has package\.json.* already, and nothing is overwritten/)]);
    expect(readFileSync(readme, 'utf8')).toBe('mine');
    expect(readFileSync(join(folder, 'hooks/package.json'), 'utf8')).toContain('north-wind');
  });
});

describe('the provider', () => {
  let upstream: Server;
  let running: RunningExample | undefined;
  beforeAll(async () => {
    upstream = createServer((request, response) => {
      const isKnown = request.headers.authorization === 'Bearer breeze';
      response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'a', text: 'Whoosh.', stop: 'end', tokens: { read: 2, written: 1 } }));
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
  });
  afterAll(async () => {
    await running?.stop();
    upstream.close();
  });

  it('is packed, installed into an app, found by gateway() there, and called', { timeout: 60_000 }, async () => {
    installIntoApp();
    const { port } = upstream.address() as AddressInfo;
    running = await startExample(join(folder, 'app'), {
      SLUICE_MASTER_KEY: KEY,
      NORTH_WIND_API_KEY: 'breeze',
      NORTH_WIND_BASE_URL: `http://127.0.0.1:${port}`,
    });
    const response = await fetch(`${running.url}/ai/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ model: 'north-wind/gale', messages: [{ role: 'user', content: 'Blow!' }] }),
    });
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Whoosh.' }, finish_reason: 'stop' }], usage: { total_tokens: 3 } });
  });

  function installIntoApp(): void {
    const app = join(folder, 'app');
    mkdirSync(app);
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', app], { cwd: join(folder, 'providers') });
    const [tarball = ''] = readdirSync(app);
    writeFileSync(
      join(app, 'package.json'),
      JSON.stringify({ name: 'app', type: 'module', dependencies: { 'sluice-provider-north-wind': `file:${tarball}` } }),
    );
    execFileSync('npm', ['install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', '--silent'], { cwd: app });
    const installed = join(app, 'node_modules/sluice-provider-north-wind');
    expect(readdirSync(join(installed, 'dist')).filter((name) => name.includes('.test.'))).toEqual([]);
    writeFileSync(
      join(app, 'server.js'),
      `import { gateway } from '@sluice/express-adapter';
import express from 'express';
const server = express().use('/ai', gateway()).listen(0, '127.0.0.1', () => console.log(\`http://127.0.0.1:\${server.address().port}\`));
`,
    );
  }
});

describe('a package of this repository', () => {
  it('has its place and is among what is built and checked', { timeout: 60_000 }, () => {
    const checkout = join(folder, 'checkout');
    for (const name of ['tools', 'package.json', 'tsconfig.json', 'tsconfig.base.json']) cpSync(join(root, name), join(checkout, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'), 'dir');
    for (const kind of KINDS) expect(createPlugin([kind, 'north-wind'], checkout)).toMatchObject({ status: 0 });
    const house = spawnSync(process.execPath, [join(checkout, 'tools/check.mjs'), 'house'], { cwd: checkout, encoding: 'utf8' });
    expect(house.stdout + house.stderr).toMatch(/^ok {3}house/);
    const { name } = JSON.parse(readFileSync(join(checkout, 'packages/loggers/north-wind/package.json'), 'utf8')) as { readonly name: string };
    expect(name).toBe('@sluice/logger-north-wind');
    expect(createPlugin(['sink', 'north-wind'], checkout)).toEqual({ status: 1, output: "There is a sink 'north-wind' already. Try 'my-north-wind'.\n" });
  });
});

describe('what is refused', () => {
  it.each([
    [['provider', 'NorthWind'], /'NorthWind' is not a name in lower case.* Try 'north-wind'\.$/],
    [['provider', 'north_wind'], /Try 'north-wind'\.$/],
    [['provider', '../north-wind'], /Try 'north-wind'\.$/],
    [['provider', '??'], /is not a name in lower case with dashes, such as 'my-provider'\.$/],
    [['sink', 'sluice-logger-north'], /says what is put before every name anyway\. Try 'north'\.$/],
    [['provider', 'openai'], /There is a provider 'openai' already\. Try 'my-openai'\.$/],
    [['providers', 'x'], /There is no kind 'providers'.* Did you mean 'provider'\?$/],
    [['logger', 'x'], /There is no kind 'logger'.* Did you mean 'sink'\?$/],
    [['provider'], /^Usage: pnpm create-plugin provider\|guardrail\|store\|hook\|sink\|identity NAME/],
    [['provider', 'x', '--outt', 'y'], /^Unknown option '--outt'[^]*Usage:/],
  ])('%j, with a way out', (args, message) => {
    const { status, output } = createPlugin(['--out', 'refused', ...args]);
    expect(status).toBe(1);
    expect(output.trim()).toMatch(message);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });
});
