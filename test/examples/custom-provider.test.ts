import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startParrot } from '../../examples/custom-provider/parrot-server.js';
import { exampleFolder, type RunningExample, startExample } from './run-example.ts';

const KEY = 'sk-only-for-trying-out';
const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url));
const SERVER = `
import { gateway } from '@sluice/express-adapter';
import express from 'express';
const server = express().use('/ai', gateway()).listen(0, '127.0.0.1', () => console.log(\`http://127.0.0.1:\${server.address().port}\`));
`;

let app: string;
let running: RunningExample | undefined;
let parrot: Awaited<ReturnType<typeof startParrot>>;

beforeAll(async () => {
  parrot = await startParrot();
  app = mkdtempSync(join(tmpdir(), 'sluice-host-app-'));
  makeHostApp(app);
});
afterAll(async () => {
  await running?.stop();
  parrot.close();
  rmSync(app, { recursive: true, force: true });
});

/** An app of somebody else's: it gets the packed provider by npm, and the gateway from this workspace. */
function makeHostApp(folder: string): void {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: exampleFolder('custom-provider') });
  const [tarball = ''] = readdirSync(folder);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'host-app', type: 'module', dependencies: { 'sluice-provider-parrot': `file:${tarball}` } }),
  );
  execFileSync('npm', ['install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', '--silent'], { cwd: folder });
  writeFileSync(join(folder, 'server.js'), SERVER);
  link(join(PACKAGES, 'core'), join(folder, 'node_modules/@sluice/core'));
  link(join(PACKAGES, 'express-adapter'), join(folder, 'node_modules/@sluice/express-adapter'));
  link(join(PACKAGES, 'express-adapter/node_modules/express'), join(folder, 'node_modules/express'));
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'dir');
}

it('is packed, installed into a fresh app, found by gateway() there, and called', async () => {
  running = await startExample(app, { SLUICE_MASTER_KEY: KEY, PARROT_API_KEY: 'cracker', PARROT_BASE_URL: parrot.url });
  const response = await fetch(`${running.url}/ai/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
    body: JSON.stringify({ model: 'macaw-2', messages: [{ role: 'user', content: 'Polly wants a cracker' }] }),
  });
  expect(await response.json()).toMatchObject({ model: 'macaw-2', choices: [{ message: { content: 'Polly wants a cracker' } }], usage: { total_tokens: 8 } });
});

it('is not found, and the app told so, where its key is not in the environment', async () => {
  await expect(startExample(app, { SLUICE_MASTER_KEY: KEY })).rejects.toThrow('none of sluice-provider-parrot finds its credentials in the environment');
});
