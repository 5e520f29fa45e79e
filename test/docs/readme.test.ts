import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { codeBlocks } from './code-blocks.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = new Map([...codeBlocks('README.md'), ...codeBlocks('packages/core/README.md')]);
const KEY = 'sk-chosen-by-you-and-long-enough';
/** What a reader has after the README's `npm install`, and where it lies here. */
const INSTALLED = {
  '@sluice/core': 'packages/core',
  '@sluice/express-adapter': 'packages/express-adapter',
  '@sluice/koa-adapter': 'packages/koa-adapter',
  '@sluice/provider-openai': 'packages/providers/openai',
  '@sluice/provider-demo': 'packages/providers/demo',
  express: 'packages/express-adapter/node_modules/express',
  koa: 'packages/koa-adapter/node_modules/koa',
};

let app: string;
beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'sluice-readme-'));
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({ type: 'module', dependencies: Object.fromEntries(Object.keys(INSTALLED).map((name) => [name, '*'])) }),
  );
  for (const [name, path] of Object.entries(INSTALLED)) {
    mkdirSync(dirname(join(app, 'node_modules', name)), { recursive: true });
    symlinkSync(join(root, path), join(app, 'node_modules', name), 'dir');
  }
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** The code of a block, written as a reader would, but for the port. */
function write(name: string, port?: number): string {
  const block = blocks.get(name);
  if (!block) throw new Error(`No README has a block named ${name}`);
  const code = port === undefined ? block.code : block.code.replaceAll('3000', String(port));
  writeFileSync(join(app, name), code);
  return code;
}

async function start(name: string, env: Readonly<Record<string, string>> = {}): Promise<number> {
  const port = await freePort();
  write(name, port);
  const child = execFile(process.execPath, [name], { cwd: app, env: { PATH: process.env.PATH, ...env } });
  const exited = once(child, 'exit');
  stops.push(async () => {
    child.kill();
    await exited;
  });
  await vi.waitFor(() => fetch(`http://127.0.0.1:${port}/`), { timeout: 10_000, interval: 50 });
  return port;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function ask(url: string, key?: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) };
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'Hello!' }] }),
  });
}

describe('the code of the README', () => {
  it('server.js serves its app and, without any provider key, the gateway; the curl lines work as they stand', async (ctx) => {
    const port = await start('server.js', { SLUICE_MASTER_KEY: KEY });
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('Hello from the app');
    expect((await ask(`http://127.0.0.1:${port}/ai`, KEY)).status).toBe(200);
    if (spawnSync('curl', ['--version']).status !== 0) ctx.skip('curl is not installed');
    const { stdout } = await promisify(execFile)('sh', ['-c', write('calls', port)], { env: { PATH: process.env.PATH } });
    expect(JSON.parse(stdout)).toMatchObject({ object: 'chat.completion', model: 'demo' });
  });

  it('server.js makes a master key by itself when none is given', async () => {
    const port = await start('server.js');
    expect((await ask(`http://127.0.0.1:${port}/ai`)).status).toBe(401);
  });

  it('koa-server.js serves the gateway', async () => {
    const port = await start('koa-server.js', { SLUICE_MASTER_KEY: KEY });
    expect((await ask(`http://127.0.0.1:${port}/ai`, KEY)).status).toBe(200);
  });

  it('host-users.js needs no key, on either door', async () => {
    const port = await start('host-users.js');
    expect((await ask(`http://127.0.0.1:${port}/ai`)).status).toBe(200);
    expect((await ask(`http://127.0.0.1:${port}/help-desk`)).status).toBe(200);
  });

  it('in-process.js streams an answer, and lists models through fetch', () => {
    write('in-process.js');
    const output = execFileSync(process.execPath, ['in-process.js'], { cwd: app, env: { PATH: process.env.PATH }, stdio: 'pipe', encoding: 'utf8' });
    expect(output).toMatch(/^\S.* \n? ?200\n$/s);
  });

  it('core.js, of the core package, calls with a key', () => {
    write('core.js');
    const output = execFileSync(process.execPath, ['core.js'], { cwd: app, env: { PATH: process.env.PATH, ADA_KEY: KEY }, stdio: 'pipe', encoding: 'utf8' });
    expect(output).toMatch(/^\S/);
  });

  it('sluice.yaml is what `sluice check` takes', () => {
    write('sluice.yaml');
    const bin = join(root, 'packages/server/dist/bin.js');
    const { status, stderr } = spawnSync(process.execPath, [bin, 'check', 'sluice.yaml'], {
      cwd: app,
      env: { PATH: process.env.PATH, OPENAI_API_KEY: 'sk-none' },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('the text of the README', () => {
  it('names the two commands of the first screen as package.json has them', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const firstScreen = readme.split('\n').slice(0, 24).join('\n');
    for (const name of ['start', 'test']) {
      expect(firstScreen).toMatch(new RegExp(`^npm ${name} `, 'm'));
      expect(scripts).toHaveProperty(name);
    }
  });

  it('lists every package there is', () => {
    const listed = [...readme.matchAll(/^\| \[`(@sluice\/[\w-]+)`\]\(([\w/-]+)\)/gm)].map(([, name, path]) => ({ name, path }));
    for (const { name, path } of listed) expect(JSON.parse(readFileSync(join(root, path ?? '', 'package.json'), 'utf8'))).toHaveProperty('name', name);
    const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as { references: { path: string }[] };
    const packages = references.map(({ path }) => path).filter((path) => path.startsWith('packages/'));
    expect(listed.map(({ path }) => path).sort()).toEqual(packages.sort());
  });
});
