import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../packages/server/dist/bin.js', import.meta.url));

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** The real command, in a process of its own. */
export type Sluice = {
  readonly child: ChildProcess;
  /** Everything it has written to standard output so far. */
  stdout(): string;
  /** Resolves when standard output has `pattern`, to what it captures or else matches. */
  says(pattern: RegExp): Promise<string>;
  readonly ended: Promise<Ended>;
};

/** An environment without keys of providers, so that a test sees what it sets and nothing else. */
const BARE = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/_API_KEY$|_TOKEN$|MASTER_KEY$|^NODE_ENV$|^LOG_LEVEL$/.test(name)));

export function sluice(args: readonly string[], { env = {}, cwd = tmpdir() }: { env?: Record<string, string>; cwd?: string } = {}): Sluice {
  if (!existsSync(BIN)) throw new Error('The command is not built. Run: node tools/pnpm.mjs build');
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { ...BARE, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));

  function says(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(stdout);
        if (match) resolve(match[1] ?? match[0]);
      };
      child.stdout?.on('data', look);
      void ended.then(({ code }) => reject(new Error(`It ended with ${code} before it said ${pattern}:\n${stdout}${stderr}`)));
      look();
    });
  }

  return { child, stdout: () => stdout, says, ended };
}

/** A folder with these files, and what removes it. */
export function folderWith(files: Record<string, string>): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'sluice-server-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { path, remove: () => rmSync(path, { recursive: true }) };
}
