// Runs the pinned pnpm, so that a fresh machine needs node and npm only.
// Several steps may follow each other, parted by `--`; the first that fails ends the run.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const { packageManager } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

// npm hands its settings down as variables. pnpm would take some of them for its own, but where packages come from
// may be said nowhere else.
const SOURCE_OF_PACKAGES = /^npm_config_(?:@.+:registry|\/\/.+|registry|cafile|ca|cert|key|proxy|https?[-_]proxy|noproxy|strict[-_]ssl|userconfig|cache)$/i;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || SOURCE_OF_PACKAGES.test(name)));
env.TURBO_TELEMETRY_DISABLED ??= '1';

const installed = run('pnpm', ['--version'], 'pipe');
const isPinned = installed.status === 0 && `pnpm@${installed.stdout.trim()}` === packageManager;

for (const step of steps(process.argv.slice(2))) {
  const { status } = isPinned ? run('pnpm', step) : run('npx', ['--yes', packageManager, ...step]);
  if (status !== 0) process.exit(status ?? 1);
}

function run(command, args, stdio = 'inherit') {
  return spawnSync(command, args, { cwd: root, env, stdio, encoding: 'utf8', shell: process.platform === 'win32' });
}

function steps(args) {
  const all = [[]];
  for (const arg of args) {
    if (arg === '--') all.push([]);
    else all.at(-1).push(arg);
  }
  return all;
}
