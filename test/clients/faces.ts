import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createGateway } from '@sluice/core';
import { gateway as expressGateway } from '@sluice/express-adapter';
import { gateway as koaGateway } from '@sluice/koa-adapter';
import express from 'express';
import Koa from 'koa';
import { configFor, optionsFor } from './gateway-under-test.ts';

/** One way to reach a gateway. */
export type Face = { readonly baseURL: string; readonly fetch?: typeof fetch; close(): Promise<void> };

/** By the name it has in the table. */
export const FACES: Readonly<Record<string, (upstreamUrl: string) => Promise<Face>>> = {
  'in Express': async (upstreamUrl) => {
    const gateway = expressGateway(optionsFor(upstreamUrl));
    const app = express().use('/ai', gateway);
    return listening(createServer(app), '/ai/v1', () => gateway.close());
  },
  'in Koa': async (upstreamUrl) => {
    const gateway = koaGateway({ ...optionsFor(upstreamUrl), prefix: '/ai' });
    const app = new Koa().use(gateway);
    return listening(createServer(app.callback()), '/ai/v1', () => gateway.close());
  },
  standalone: startCommand,
  'gateway.fetch': async (upstreamUrl) => {
    const gateway = createGateway(optionsFor(upstreamUrl));
    return { baseURL: 'http://sluice/v1', fetch: gateway.fetch, close: () => gateway.close() };
  },
};

async function listening(server: Server, path: string, closeGateway: () => Promise<void>): Promise<Face> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}${path}`,
    close: async () => {
      await closeGateway();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The `sluice` command as it is published: built, in a process of its own, with a configuration file. */
async function startCommand(upstreamUrl: string): Promise<Face> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-clients-'));
  writeFileSync(join(folder, 'sluice.yaml'), configFor(upstreamUrl));
  const bin = fileURLToPath(new URL('../../packages/server/dist/bin.js', import.meta.url));
  const child = spawn(process.execPath, [bin, '--config', 'sluice.yaml', '--port', '0'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString('utf8')));
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  };
  for await (const line of createInterface(child.stdout)) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url === undefined) continue;
    child.stdout.resume();
    return { baseURL: `${url}/v1`, close };
  }
  await close();
  throw new Error(`sluice did not start: ${errors.join('')}`);
}
