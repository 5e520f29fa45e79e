import { readFileSync } from 'node:fs';
import { GatewayError } from '@sluice/core';
import { readArguments } from './arguments.ts';
import { check } from './check.ts';
import { HELP } from './help.ts';
import { type Running, start } from './start.ts';

/** Runs the command to its end, and resolves to its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const command = readArguments(args);
  const { env } = process;
  const cwd = process.cwd();
  try {
    switch (command.name) {
      case 'help':
        return print(HELP);
      case 'version':
        return print(`${ownVersion()}\n`);
      case 'wrong':
        return fail([...command.mistakes.map((mistake) => `sluice: ${mistake}`), 'Run sluice --help for what it takes.'].join('\n'));
      case 'check':
        return print(await check({ ...command, cwd, env }));
      case 'start': {
        const ended = endSignals();
        const running = await start({ ...command, cwd, env, print });
        process.on('SIGHUP', () => running.reload());
        return await serveUntil(ended, running, command.graceMs);
      }
    }
  } catch (error) {
    return fail(messageOf(error));
  }
}

async function serveUntil(ended: Promise<void>, running: Running, graceMs: number): Promise<number> {
  await ended;
  process.stderr.write(`Sluice takes no more calls and ends within ${graceMs / 1000} s; a second signal ends it at once.\n`);
  await running.stop(graceMs);
  return 0;
}

/** Resolves at the first signal to end; the second ends the process at once. */
function endSignals(): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    for (const [signal, number] of [
      ['SIGINT', 2],
      ['SIGTERM', 15],
    ] as const) {
      process.on(signal, () => {
        seen += 1;
        if (seen > 1) process.exit(128 + number);
        resolve();
      });
    }
  });
}

function messageOf(error: unknown): string {
  const { code, message, stack, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') return `sluice: port ${port} on ${address} is taken by another process. Choose another with --port; 0 takes a free one.`;
  if (code === 'EACCES' && port !== undefined) return `sluice: this user may not listen on port ${port}. Choose one above 1023 with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `sluice: this machine has no address ${address ?? 'of that name'} to listen on (--host).`;
  return GatewayError.is(error) ? message : (stack ?? String(error));
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }).version;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function fail(text: string): number {
  process.stderr.write(`${text}\n`);
  return 1;
}
