import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a tool of the workspace; answers with what it printed when it failed. */
export async function runTool(name, args, { cwd = root } = {}) {
  const { code, output } = await run(join(root, 'node_modules', '.bin', name), args, cwd);
  return code === 0 ? '' : output.trim() || `${name} ended with ${code}`;
}

/** Runs a command to its end, whatever its end is. Standard error follows in the same text. */
export function run(command, args, cwd = root) {
  const { resolve, promise } = withResolvers();
  const child = spawn(command, args, { cwd, shell: process.platform === 'win32', stdio: ['ignore', 'pipe', 'pipe'] });
  const parts = [];
  child.stdout.on('data', (chunk) => parts.push(chunk));
  child.stderr.on('data', (chunk) => parts.push(chunk));
  child.on('error', (error) => resolve({ code: -1, output: error.message }));
  child.on('close', (code) => resolve({ code, output: Buffer.concat(parts).toString('utf8') }));
  return promise;
}

function withResolvers() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { resolve, promise };
}
