import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { ConfigurationError, type GatewayOptions, type Secret } from '@sluice/core';
import { changesSince } from '@sluice/config';
import { type Environment, weaknessOf } from '@sluice/core/node';
import type { StartArguments } from './arguments.ts';
import { banner } from './banner.ts';
import { callLog } from './call-log.ts';
import { lasting } from './lasting.ts';
import { type LiveGateway, liveGateway } from './live-gateway.ts';
import { loadOptions } from './load-options.ts';
import { reloader } from './reloader.ts';

export type StartRequest = Omit<StartArguments, 'graceMs'> & {
  readonly cwd: string;
  readonly env: Environment;
  readonly print: (text: string) => void;
};

export type Running = {
  readonly url: string;
  /** Reads the configuration again, and goes on with the one it has where that is wrong. */
  reload(): void;
  /** Stops accepting, gives calls under way `graceMs` to end, cuts the rest with an error event, and flushes the sinks. */
  stop(graceMs: number): Promise<void>;
};

/**
 * Starts a standalone gateway.
 * @throws ConfigurationError naming every mistake; the server's own error when it cannot listen.
 */
export async function start({ configFile, port, host, ignoreUnsupported, cwd, env, print }: StartRequest): Promise<Running> {
  const asked = { configFile: configFile === undefined ? undefined : resolve(cwd, configFile), cwd, env, ignoreUnsupported };
  const first = loadOptions(asked);
  refuseExposure(first.options, host);
  const kept = lasting(first.options, () => callLog(env));
  const live = liveGateway(kept.lend(first.options));
  const server = live.current.harden(createServer(live.listener));
  try {
    await listen(server, port, host);
  } catch (error) {
    await live.close();
    await kept.close();
    throw error;
  }
  for (const note of first.notes) print(`${note}\n`);
  const url = urlOf(server.address() as AddressInfo);
  print(banner({ url, newKey: first.newKey, keyVariable: keyVariable(env), isOpen: first.options.auth === false, models: first.options.models ?? [] }));

  // A key that was made for this run stays.
  const again = { ...asked, env: first.newKey === undefined ? env : { ...env, SLUICE_MASTER_KEY: first.newKey }, stores: first.stores };
  let said = first.said;
  function apply(): readonly string[] {
    if (first.file === undefined)
      throw new ConfigurationError([{ place: 'configuration', message: 'is no YAML file, and only those are read again; start anew' }]);
    const next = loadOptions(again);
    const changes = changesSince(said, next.said);
    if (changes.length === 0) return [];
    refuseExposure(next.options, host);
    live.replace(kept.lend(next.options));
    said = next.said;
    return changes;
  }
  const reloading = reloader({ file: first.file, apply, print });

  async function stop(graceMs: number): Promise<void> {
    reloading.close();
    await stopServing(live, server, graceMs);
    await kept.close();
  }
  return { url, reload: reloading.reload, stop };
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

async function stopServing(live: LiveGateway, server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolvePromise) => server.close(() => resolvePromise()));
  await live.close({ drainMs: graceMs });
  // Answers are handed over by now; connections are closed as soon as their last bytes have left.
  const looking = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS);
  const cutting = setTimeout(() => server.closeAllConnections(), LAST_BYTES_MS);
  await closed;
  clearInterval(looking);
  clearTimeout(cutting);
}
