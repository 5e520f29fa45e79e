import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../errors/configuration-error.ts';
import type { GatewayOptions } from '../gateway/options.ts';
import type { Secret } from '../types/model.ts';
import { hostOptions } from './host-options.ts';

const MASTER = { SLUICE_MASTER_KEY: 'sk-long-enough-to-be-a-key' };
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('hostOptions', () => {
  it('enables the installed providers whose credentials are in the environment', () => {
    const cwd = host({ dependencies: { 'sluice-provider-acme': '1', '@sluice/provider-other': '1', express: '5' }, files: { ...acme, ...other } });
    const { providers, models } = hostOptions({}, { cwd, env: { ...MASTER, ACME_KEY: 'k', OTHER_KEY: 'k' } });
    expect(providers?.map(({ name }) => name)).toEqual(['acme', 'other']);
    expect(models?.map(({ name, deployments }) => [name, deployments[0]?.provider, deployments[0]?.model])).toEqual([
      ['acme/*', 'acme', '*'],
      ['acme-*', 'acme', 'acme-*'],
      ['other/*', 'other', '*'],
    ]);
  });

  it('serves every name by the only provider there is, when that knows no bare names', () => {
    const cwd = host({ dependencies: { '@sluice/provider-other': '1' }, files: other });
    const { models } = hostOptions({}, { cwd, env: { ...MASTER, OTHER_KEY: 'k' } });
    expect(models?.map(({ name }) => name)).toEqual(['other/*', '*']);
  });

  it('finds the package from a folder below it', () => {
    const cwd = host({ dependencies: { '@sluice/provider-other': '1' }, files: { ...other, 'src/app/main.js': '' } });
    expect(hostOptions({}, { cwd: join(cwd, 'src/app'), env: { ...MASTER, OTHER_KEY: 'k' } }).providers).toHaveLength(1);
  });

  it('uses a stand-in only where nothing else was found, and not in production', () => {
    const cwd = host({ dependencies: { 'sluice-provider-toy': '1', 'sluice-provider-acme': '1' }, files: { ...acme, ...toy } });
    const named = (env: Record<string, string>): string[] => hostOptions({}, { cwd, env: { ...MASTER, ...env } }).providers?.map(({ name }) => name) ?? [];
    expect(named({})).toEqual(['toy']);
    expect(named({ ACME_KEY: 'k' })).toEqual(['acme']);
    expect(() => named({ NODE_ENV: 'production' })).toThrow(/none of .*sluice-provider-toy, sluice-provider-acme finds its credentials/);
  });

  it('prefers the package that is about a provider to one that gives way, whichever is named first', () => {
    const code = packageCode('acme', 'ACME_KEY').replace('operations: {}', "operations: {}, from: 'all'").replace('providers:', 'givesWay: true, providers:');
    const general = { 'node_modules/@sluice/provider-all/index.js': code };
    const cwd = host({ dependencies: { '@sluice/provider-all': '1', 'sluice-provider-acme': '1' }, files: { ...acme, ...general } });
    const models = [{ name: 'big', deployments: [{ id: 'a', provider: 'acme', model: 'acme-1' }] }];
    for (const options of [{}, { models }]) {
      const { providers = [] } = hostOptions(options, { cwd, env: { ...MASTER, ACME_KEY: 'k' } });
      expect(providers).toEqual([{ name: 'acme', operations: {} }]);
    }
  });

  it('loads the providers that configured models mention, credentials in the environment or not', () => {
    const cwd = host({ dependencies: { 'sluice-provider-acme': '1', '@sluice/provider-other': '1' }, files: { ...acme, ...other } });
    const models = [{ name: 'big', deployments: [{ id: 'a', provider: 'acme', model: 'acme-1' }] }];
    expect(hostOptions({ models }, { cwd, env: MASTER }).providers?.map(({ name }) => name)).toEqual(['acme']);
  });

  it('reads the configuration file beside package.json, and lets options go before it', () => {
    const config = `export default { masterKey: 'sk-from-the-file-itself', bodyLimitBytes: 1000, timeoutMs: 5, models: [] }`;
    const cwd = host({ files: { 'sluice.config.mjs': config } });
    expect(hostOptions({ timeoutMs: 7 }, { cwd, env: {} })).toMatchObject({ masterKey: 'sk-from-the-file-itself', bodyLimitBytes: 1000, timeoutMs: 7 });
    expect(hostOptions({ models: [], auth: false }, { cwd, env: {}, configFile: false })).not.toHaveProperty('bodyLimitBytes');
  });

  it('leaves options that are complete as they are', () => {
    const cwd = host({ dependencies: { '@sluice/provider-other': '1' }, files: other });
    const complete = hostOptions({}, { cwd, env: { ...MASTER, OTHER_KEY: 'k' } });
    expect(hostOptions(complete, { cwd: '/', env: {} })).toBe(complete);
    expect(hostOptions({ ...complete, timeoutMs: 1 }, { cwd: '/', env: {} })).toMatchObject({ timeoutMs: 1 });
  });

  it('reads CommonJS configuration', () => {
    const cwd = host({ files: { 'sluice.config.js': 'module.exports = { auth: false, models: [] }' } });
    expect(hostOptions({}, { cwd, env: {} })).toMatchObject({ auth: false });
  });

  it('hands YAML to the configuration package of the host', () => {
    const config = 'exports.loadConfig = (file, { env }) => ({ masterKey: env.KEY, models: [], bodyLimitBytes: file.length })';
    const cwd = host({ files: { 'sluice.config.yaml': '', 'node_modules/@sluice/config/index.js': config } });
    expect(hostOptions({}, { cwd, env: { KEY: 'sk-0123456789abcdef' } })).toMatchObject({ masterKey: 'sk-0123456789abcdef' });
  });

  it('names the package to install where YAML cannot be read', () => {
    // Thrown by hand: the shim that starts the tests puts the whole workspace on NODE_PATH.
    const missing = `throw Object.assign(new Error("Cannot find module '@sluice/config'"), { code: 'MODULE_NOT_FOUND' })`;
    const cwd = host({ files: { 'litellm_config.yaml': '', 'node_modules/@sluice/config/index.js': missing } });
    expect(problemsOf({ auth: false, models: [] }, { cwd, env: {} })).toEqual([
      expect.stringMatching(/litellm_config\.yaml: is read by @sluice\/config, which is not installed\. Run: npm install @sluice\/config/),
    ]);
  });

  it('tells everything that is wrong at once', () => {
    const cwd = host({
      dependencies: { 'sluice-provider-gone': '1', 'sluice-provider-empty': '1', 'sluice-provider-slow': '1' },
      files: {
        'node_modules/sluice-provider-empty/index.js': '',
        'node_modules/sluice-provider-slow/index.mjs': 'await 0; export const provider = {}',
        'node_modules/sluice-provider-slow/package.json': '{"name":"sluice-provider-slow","exports":"./index.mjs"}',
        'sluice.config.mjs': 'export const x = 1',
        'litellm_config.yaml': '',
      },
    });
    const problems = problemsOf({}, { cwd, env: { NODE_ENV: 'production' } });
    expect(problems).toHaveLength(5);
    expect(problems.join('\n')).toMatch(
      /stands beside sluice\.config\.mjs[^]*no default export[^]*provider-gone: is not installed[^]*provider-empty: exports no `provider`[^]*provider-slow: awaits at its top level/,
    );
  });
});

describe('the master key', () => {
  const bare = { models: [], providers: [] };

  it('comes from the options, else from the environment', () => {
    const env = { LITELLM_MASTER_KEY: 'sk-0123456789abcdef', SLUICE_MASTER_KEY: 'sk-fedcba9876543210' };
    expect(hostOptions({ ...bare, masterKey: 'sk-options-go-first' }, { cwd: host({}), env }).masterKey).toBe('sk-options-go-first');
    expect(hostOptions(bare, { cwd: host({}), env }).masterKey).toBe('sk-fedcba9876543210');
  });

  it('is made and shown once when nothing says who may call', () => {
    const lines: string[] = [];
    const { masterKey } = hostOptions(bare, { cwd: host({}), env: {}, print: (line) => lines.push(line) });
    const shown = (masterKey as Secret).reveal();
    expect(shown).toMatch(/^sk-[\w-]{43}$/);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(shown);
    expect(JSON.stringify(masterKey)).not.toContain(shown);
  });

  it('is not made where the host identifies callers, or lets everybody in', () => {
    for (const options of [{ identify: () => undefined }, { auth: false as const }, { keys: [{ id: 'a', key: 'sk-a' }] }]) {
      expect(hostOptions({ ...bare, ...options }, { cwd: host({}), env: { NODE_ENV: 'production' } }).masterKey).toBeUndefined();
    }
  });

  it('has to be chosen in production', () => {
    expect(problemsOf(bare, { cwd: host({}), env: { NODE_ENV: 'production' } })).toEqual([expect.stringContaining('masterKey: nothing says who may call')]);
  });

  it.each(['', '  ', 'sk-1234', 'changeme', 'sk-short'])('is refused in production when it is %j', (masterKey) => {
    expect(problemsOf({ ...bare, masterKey }, { cwd: host({}), env: { NODE_ENV: 'production' } })).toHaveLength(1);
  });

  it('is refused everywhere when it is empty, and warned of when it is public', () => {
    expect(problemsOf(bare, { cwd: host({}), env: { SLUICE_MASTER_KEY: '' } })).toEqual([
      expect.stringContaining('SLUICE_MASTER_KEY: the master key is empty'),
    ]);
    const lines: string[] = [];
    hostOptions({ ...bare, masterKey: 'sk-1234' }, { cwd: host({}), env: {}, print: (line) => lines.push(line) });
    expect(lines[0]).toContain('public documentation');
  });
});

const acme = { 'node_modules/sluice-provider-acme/index.js': packageCode('acme', 'ACME_KEY', "models: ['acme-*'],") };
const other = { 'node_modules/@sluice/provider-other/index.js': packageCode('other', 'OTHER_KEY') };
const toy = {
  'node_modules/sluice-provider-toy/index.js': `const p = { name: 'toy', operations: {} }; exports.provider = { isStandIn: true, providers: [p], discover: () => [{ provider: p, deployment: {} }] }`,
};

function packageCode(name: string, variable: string, more = ''): string {
  return `const p = { name: '${name}', operations: {} };
exports.provider = { providers: [p], discover: (env) => env.${variable} ? [{ provider: p, ${more} deployment: { apiKey: env.${variable} } }] : [] };`;
}

function host({ dependencies = {}, files = {} }: { dependencies?: Record<string, string>; files?: Record<string, string> }): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-host-'));
  folders.push(folder);
  for (const [name, text] of Object.entries({ 'package.json': JSON.stringify({ dependencies }), ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function problemsOf(options: GatewayOptions, at: { cwd: string; env: Record<string, string> }): string[] {
  try {
    hostOptions(options, at);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ place, message, suggestion }) => `${place}: ${message} ${suggestion ?? ''}`.trim());
    throw error;
  }
  return [];
}
