// Installs, builds and runs the quickstart in this very process, so that whoever stops it stops all of it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const pnpm = fileURLToPath(new URL('pnpm.mjs', import.meta.url));
const prepare = ['install', '--frozen-lockfile', '--', 'exec', 'turbo', 'run', 'build', '--output-logs=errors-only'];
const { status } = spawnSync(process.execPath, [pnpm, ...prepare], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

process.chdir(fileURLToPath(new URL('../examples/quickstart/', import.meta.url)));
await import('../examples/quickstart/server.js');
