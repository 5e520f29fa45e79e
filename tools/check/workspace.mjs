import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-tool.mjs';

const PLUGIN_KINDS = ['providers', 'guardrails', 'stores', 'loggers', 'hooks', 'identity'];

/** The packages that are published: each with its folder below the root and its package.json. */
export function publishedPackages() {
  return ['', ...PLUGIN_KINDS]
    .map((kind) => join('packages', kind))
    .filter((parent) => existsSync(join(root, parent)))
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(parent, name)))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readJson(join(folder, 'package.json')) }))
    .filter(({ manifest }) => manifest.private !== true);
}

export function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}
