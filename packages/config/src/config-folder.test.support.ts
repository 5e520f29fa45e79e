import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '@sluice/core';
import { type LoadedConfig, readConfig } from './load-config.ts';

const folders: string[] = [];

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

/** A provider package with one provider, which needs a key. */
export function providerCode(name: string, variable: string): string {
  return `const p = { name: '${name}', operations: {}, problemsOf: (d) => (d.apiKey ? [] : ['${name} needs a key']) };
const secret = (value) => ({ reveal: () => value });
exports.provider = { providers: [p], discover: (env) => env.${variable} ? [{ provider: p, deployment: { apiKey: secret(env.${variable}) } }] : [] };`;
}

/** Reads `text` as the configuration of a host with the provider `acme` and whatever `files` add. */
export function load(
  text: string,
  env: Record<string, string> = {},
  files: Record<string, string> = {},
  unsupported: 'refuse' | 'note' = 'refuse',
): LoadedConfig {
  return readConfig(write(text, files), { env, unsupported });
}

function write(text: string, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
  folders.push(folder);
  const all = {
    'package.json': '{"dependencies":{"sluice-provider-acme":"1"}}',
    'node_modules/sluice-provider-acme/index.js': providerCode('acme', 'ACME_KEY'),
    'sluice.config.yaml': text,
    ...files,
  };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return join(folder, 'sluice.config.yaml');
}

/** What is wrong with `text`, as `line:col path: message`. */
export function mistakes(text: string, env: Record<string, string> = {}, files: Record<string, string> = {}): string[] {
  const file = write(text, files);
  try {
    readConfig(file, { env });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map(({ place, message, suggestion }) => `${place.slice(file.length + 1)}: ${message}${suggestion ? ` ${suggestion}` : ''}`);
  }
  return [];
}
