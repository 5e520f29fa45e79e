import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMAND = 'packages/server/dist/bin.js';

export type Command = {
  readonly url: string;
  readonly process: ChildProcess;
  /** Its exit code, and when that came by `performance.now()`. */
  readonly ended: Promise<{ readonly code: number | null; readonly at: number }>;
};

/** What is missing to run the command. */
export function lacksCommand(): string | undefined {
  return commandFile() === undefined ? 'the command is not built' : undefined;
}

/** The real command with this configuration, in a folder that it may write to. */
export async function startCommand(folder: string, yaml: string, args: readonly string[]): Promise<Command> {
  const file = join(folder, 'sluice.yaml');
  writeFileSync(file, yaml);
  const child = spawn(process.execPath, [commandFile() ?? '', '--config', file, '--port', '0', ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<{ readonly code: number | null; readonly at: number }>((resolve) =>
    child.on('exit', (code) => resolve({ code, at: performance.now() })),
  );
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      const [, found] = /Sluice listens on (\S+)/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => reject(new Error(`The command has ended: ${said}`)));
  });
  return { url, process: child, ended };
}

/** Found from here upwards: proofs run from their sources and built. */
function commandFile(): string | undefined {
  for (let folder = new URL('./', import.meta.url); folder.pathname !== '/'; folder = new URL('../', folder)) {
    const file = fileURLToPath(new URL(COMMAND, folder));
    if (existsSync(file)) return file;
  }
  return undefined;
}
