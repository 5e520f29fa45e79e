import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canPin, GATEWAY_CPU } from './child.ts';
import { cpuMicros, residentBytes } from './process-stats.ts';
import { CLIENT_HEADERS, MODELS } from './requests.ts';
import { CHAT_PATH, type Target } from './targets.ts';

export const PEER_LABELS: Readonly<Record<string, string>> = { 'peer-portkey': 'Portkey 1.15.2', 'peer-litellm': 'LiteLLM' };

const PEERS = new URL('../peers/', import.meta.url);
const START_TIMEOUT_MS = 60_000;

type Peer = {
  readonly name: string;
  readonly command: readonly string[];
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** The other gateways that are installed here, started. Says which are not. */
export async function startPeers(upstreamPort: number, node = process.execPath): Promise<Target[]> {
  const targets: Target[] = [];
  for (const peer of [await portkey(upstreamPort, node), await litellm(upstreamPort)]) if (peer) targets.push(await start(peer));
  return targets;
}

async function portkey(upstreamPort: number, node: string): Promise<Peer | undefined> {
  const server = fileURLToPath(new URL('node_modules/@portkey-ai/gateway/build/start-server.js', PEERS));
  if (!existsSync(server)) {
    console.error('Portkey is not installed: run `npm ci` in bench/peers.');
    return undefined;
  }
  const port = await freePort();
  const preload = new URL('mutable-headers.mjs', PEERS).href;
  return {
    name: 'peer-portkey',
    command: [node, '--import', preload, server, `--port=${port}`, '--headless'],
    port,
    path: CHAT_PATH,
    headers: { ...CLIENT_HEADERS, 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1` },
  };
}

async function litellm(upstreamPort: number): Promise<Peer | undefined> {
  if (spawnSync('litellm', ['--version']).status !== 0) {
    console.error('litellm is not on the PATH.');
    return undefined;
  }
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const config = join(folder, 'config.json');
  const models = MODELS.map((name) => ({
    model_name: name,
    litellm_params: { model: `openai/${name}`, api_base: `http://127.0.0.1:${upstreamPort}/v1`, api_key: 'sk-upstream' },
  }));
  writeFileSync(config, JSON.stringify({ model_list: models }));
  return {
    name: 'peer-litellm',
    command: ['litellm', '--config', config, '--host', '127.0.0.1', '--port', String(port), '--num_workers', '1'],
    port,
    path: CHAT_PATH,
    headers: CLIENT_HEADERS,
  };
}

async function start({ name, command, port, path, headers }: Peer): Promise<Target> {
  const [file = '', ...args] = canPin ? ['taskset', '-c', String(GATEWAY_CPU), ...command] : command;
  const child = spawn(file, args, {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: '127.0.0.1' },
  });
  const target: Target = {
    name,
    label: PEER_LABELS[name] ?? name,
    pid: child.pid as number,
    port,
    path,
    headers,
    cpuMicros: async () => cpuMicros(child.pid as number) ?? Number.NaN,
    residentBytes: async () => residentBytes(child.pid as number) ?? Number.NaN,
    call: () => Promise.reject(new Error(`${name} answers no calls`)),
    stop: () => stop(child),
  };
  await untilItAnswers(target, child);
  return target;
}

async function untilItAnswers({ label, port, path, headers }: Target, child: ChildProcess): Promise<void> {
  const stopsAt = performance.now() + START_TIMEOUT_MS;
  const body = JSON.stringify({ model: MODELS[0], messages: [{ role: 'user', content: 'Hello' }] });
  let last = 'no connection';
  while (performance.now() < stopsAt && child.exitCode === null) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
      if (response.ok) return;
      last = `${response.status} ${await response.text()}`;
    } catch (error) {
      last = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await stop(child);
  throw new Error(`${label} did not answer: ${last}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
