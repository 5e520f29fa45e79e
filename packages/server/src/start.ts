import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { ConfigurationError, GatewayError, type GatewayOptions, type Secret } from '@sluice/core';
import { type Environment, refuse, weaknessOf } from '@sluice/core/node';
import { type ExpressGateway, gateway } from '@sluice/express-adapter';
import express from 'express';
import type { StartArguments } from './arguments.ts';
import { banner } from './banner.ts';
import { callLog } from './call-log.ts';
import { loadOptions } from './load-options.ts';

export type StartRequest = Omit<StartArguments, 'graceMs'> & {
  readonly cwd: string;
  readonly env: Environment;
  readonly print: (text: string) => void;
};

export type Running = {
  readonly url: string;
  /** Stops accepting, gives calls under way `graceMs` to end, cuts the rest with an error event, and flushes the sinks. */
  stop(graceMs: number): Promise<void>;
};

/**
 * Starts a standalone gateway.
 * @throws ConfigurationError naming every mistake; the server's own error when it cannot listen.
 */
export async function start({ configFile, port, host, ignoreUnsupported, cwd, env, print }: StartRequest): Promise<Running> {
  const file = configFile === undefined ? undefined : resolve(cwd, configFile);
  const { options: loaded, newKey, notes } = loadOptions({ configFile: file, cwd, env, ignoreUnsupported });
  const options = loaded.sinks ? loaded : { ...loaded, sinks: [callLog(env)] };
  refuseExposure(options, host);
  const ai = gateway(options);
  const server = ai.harden(createServer(listenerFor(ai, options)));
  try {
    await listen(server, port, host);
  } catch (error) {
    await ai.close();
    throw error;
  }
  for (const note of notes) print(`${note}\n`);
  const url = urlOf(server.address() as AddressInfo);
  print(banner({ url, newKey, keyVariable: keyVariable(env), isOpen: options.auth === false, models: options.models ?? [] }));
  return { url, stop: (graceMs) => stop(ai, server, graceMs) };
}

/** Whoever can reach the machine could administer the gateway: said twice is not said well enough. */
function refuseExposure({ auth, masterKey }: GatewayOptions, host: string): void {
  if (isLoopback(host)) return;
  const weakness = masterKey === undefined ? undefined : weaknessOf(typeof masterKey === 'string' ? masterKey : (masterKey as Secret).reveal());
  const place = `--host ${host}`;
  if (auth === false)
    throw new ConfigurationError([{ place, message: 'with `auth: false` whoever can reach this address may call. Listen on 127.0.0.1, or set a key' }]);
  if (weakness) throw new ConfigurationError([{ place, message: `is reached from other machines, and the master key ${weakness}. Choose another key` }]);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** In front of Express where nothing needs its requests, because on Node 20 Express costs three times as much as all the rest. */
function listenerFor(ai: ExpressGateway, { identify }: GatewayOptions): ReturnType<ExpressGateway['handler']> {
  const app = express();
  app.disable('x-powered-by');
  app.use(ai);
  app.use((req, res) => refuse(new GatewayError('route_not_found', `There is no ${req.method} ${req.path}`), res));
  return identify === undefined ? ai.handler(app) : app;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolvePromise, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolvePromise();
    });
  });
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function keyVariable(env: Environment): string | undefined {
  return ['SLUICE_MASTER_KEY', 'LITELLM_MASTER_KEY'].find((name) => env[name] !== undefined);
}

const LAST_BYTES_MS = 2_000;
const LOOK_EVERY_MS = 20;

async function stop(ai: ExpressGateway, server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolvePromise) => server.close(() => resolvePromise()));
  await ai.close({ drainMs: graceMs });
  // Answers are handed over by now; connections are closed as soon as their last bytes have left.
  const looking = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS);
  const cutting = setTimeout(() => server.closeAllConnections(), LAST_BYTES_MS);
  await closed;
  clearInterval(looking);
  clearTimeout(cutting);
}
