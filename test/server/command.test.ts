import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { folderWith, type Sluice, sluice } from './support/sluice.ts';

const KEY = 'sk-a-master-key-for-tests';
const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

describe('sluice', () => {
  it('says what it takes, and which version it is', async () => {
    expect(await run(['--help']).ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/--config FILE[^]*sluice check|check FILE[^]*--grace TIME/) });
    expect(await run(['--version']).ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it('refuses everything it does not know, with a suggestion', async () => {
    const { code, stderr } = await run(['--prot', '4000', '--grace', 'soon', '--host']).ended;
    expect(code).toBe(1);
    expect(stderr.split('\n')).toEqual([
      "sluice: unknown option --prot. Did you mean '--port'?",
      'sluice: --host needs a value',
      "sluice: --grace is a time such as 30s, 500ms or 2m, and not 'soon'",
      'Run sluice --help for what it takes.',
      '',
    ]);
    expect(await run(['chekc', 'x.yaml']).ended).toMatchObject({ code: 1, stderr: expect.stringContaining("unknown command 'chekc'. Did you mean 'check'?") });
    expect(await run(['--port', '70000']).ended).toMatchObject({ code: 1, stderr: expect.stringContaining('--port is a number from 0 to 65535') });
  });

  it('names a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    cleanUps.push(() => other.close());
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await run(['--port', String(port)], { SLUICE_MASTER_KEY: KEY }).ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`port ${port} on 127.0.0.1 is taken by another process. Choose another with --port`),
    });
  });

  it('tells every mistake of its configuration at its place, and does not start', async () => {
    const file = config(
      'model_list:\n  - model_name: a\n    litellm_params: { model: openai/x, api_key: os.environ/NOT_SET_KEY, tempreature: 1 }\ngeneral_settings: { masterkey: x }\n',
    );
    for (const args of [
      ['--config', file, '--port', '0'],
      ['check', file],
    ]) {
      const { code, stderr } = await run(args).ended;
      expect(code).toBe(1);
      expect(stderr.split('\n').slice(0, 4)).toEqual([
        'Sluice cannot start:',
        `  ${file}:3:49 model_list[0].litellm_params.api_key: the environment variable NOT_SET_KEY is not set`,
        `  ${file}:3:73 model_list[0].litellm_params.tempreature: unknown key. Did you mean 'temperature'?`,
        `  ${file}:4:21 general_settings.masterkey: unknown key. Did you mean 'master_key'?`,
      ]);
    }
  });

  it('starts in production with a key of its own choice only', async () => {
    const production = { NODE_ENV: 'production', OPENAI_API_KEY: 'sk-x' };
    expect(await run(['--port', '0'], production).ended).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing says who may call') });
    expect(await run(['--port', '0'], { ...production, SLUICE_MASTER_KEY: 'sk-1234' }).ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('stands in public documentation'),
    });
    expect(await run(['--port', '0'], { ...production, SLUICE_MASTER_KEY: '' }).ended).toMatchObject({ code: 1, stderr: expect.stringContaining('is empty') });
    const started = run(['--port', '0'], { ...production, SLUICE_MASTER_KEY: KEY });
    await started.says(/Sluice listens on/);
    expect(started.stdout()).not.toContain(KEY);
  });

  it('knows the levels of its log', async () => {
    const { code, stderr } = await run(['--port', '0'], { SLUICE_MASTER_KEY: KEY, LOG_LEVEL: 'wran' }).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("LOG_LEVEL: 'wran' is not a level. Did you mean 'warn'?") });
  });

  it('is not reached from other machines with a key that can be guessed, or with none', async () => {
    expect(await run(['--port', '0', '--host', '0.0.0.0'], { SLUICE_MASTER_KEY: 'sk-1234' }).ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is reached from other machines'),
    });
    const { path, remove } = folderWith({ 'sluice.config.mjs': 'export default { auth: false }' });
    cleanUps.push(remove);
    expect(await run(['--port', '0', '--host', '0.0.0.0'], {}, path).ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('whoever can reach this address may call'),
    });
  });
});

describe('sluice check', () => {
  it('explains a configuration, without its secrets', async () => {
    const file = config(`
model_list:
  - model_name: big
    litellm_params: { model: openai/gpt-4o, api_key: os.environ/FIRST_KEY, weight: 3 }
  - model_name: big
    litellm_params: { model: groq/llama-3.3-70b-versatile, api_key: sk-second-secret, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 }
  - model_name: "local/*"
    litellm_params: { model: "openai/*", api_base: "http://127.0.0.1:9/v1", api_key: none }
router_settings:
  model_group_alias: { invoices: [big] }
  fallbacks: [{ big: [local/small] }]
  num_retries: 1
  set_verbose: true
general_settings: { master_key: os.environ/MASTER, rpm_limit: 100, max_budget: 12.5 }
keys:
  - { id: shop, key: sk-shop-secret, models: [big], tpm_limit: 1000, max_budget: 1, expires: 2030-01-01 }
litellm_settings: { cache: true, cache_params: { ttl: 60 } }
`);
    const { code, stdout } = await run(['check', file], { FIRST_KEY: 'sk-first-secret', MASTER: KEY }).ended;
    expect(code).toBe(0);
    expect(stdout.replaceAll(file, 'FILE')).toMatchInlineSnapshot(`
      "FILE is right.

      Models
        big
          openai gpt-4o at https://api.openai.com, 75% of calls, key: FIRST_KEY, $2.5 in and $10 out a million tokens
          groq llama-3.3-70b-versatile at https://api.groq.com, 25% of calls, key: written in the file, $1 in and $2 out a million tokens
          then local/small
        local/*
          openai * at http://127.0.0.1:9, key: written in the file, priced by model

      Aliases
        invoices = big

      Callers
        the master key
        key shop: big, 1000 tokens a minute, $1, until 2030-01-01T00:00:00.000Z

      Limits
        each key: 100 calls a minute

      Budget
        all calls together: $12.5
        a model without a price is refused

      Pipeline
        logger
        auth
        rate-limit
        budget
        guardrail
        cache  exact, kept 60 s
        router  1 further tries

      Notes
        FILE:13:3 router_settings.set_verbose: has nothing to do here: the log level of the server is set by LOG_LEVEL
      "
    `);
    expect(stdout).not.toMatch(/secret|master-key-for-tests/);
  });
});

describe('sluice check --explain', () => {
  it('says where each value comes from, and shows no secret', async () => {
    const file = config(`model_list: [{ model_name: a, litellm_params: { model: openai/x, api_key: sk-in-the-file } }]
general_settings:
  rpm_limit: 5
  salt_key: os.environ/SALT
`);
    const { code, stdout } = await run(['check', '--explain', file], { SLUICE_MASTER_KEY: KEY, SALT: 'a-salt-nobody-sees' }).ended;
    expect(code).toBe(0);
    const values = stdout.slice(stdout.indexOf('Values')).replaceAll(file, 'FILE').split('\n');
    expect(values).toEqual(
      expect.arrayContaining([
        '  model_list[0].litellm_params.api_key = ***  (FILE:1)',
        '  general_settings.rpm_limit = 5  (FILE:3)',
        '  general_settings.salt_key = from SALT  (FILE:4)',
        '  general_settings.master_key = from SLUICE_MASTER_KEY  (environment)',
        '  general_settings.health_check_interval = 300  (default)',
      ]),
    );
    expect(stdout).not.toMatch(/sk-in-the-file|nobody-sees|master-key-for-tests/);
  });
});

describe('--ignore-unsupported', () => {
  it('passes over what is not built yet, and says so', async () => {
    const file = config(`general_settings: { master_key: ${KEY}, alerting_args: {} }\nrouter_settings: { caching_groups: [] }\n`);
    expect(await run(['check', file]).ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('general_settings.alerting_args: this key is not supported yet'),
    });
    const { code, stdout } = await run(['check', '--ignore-unsupported', file]).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /Notes\n[^]*general_settings\.alerting_args: this key is not supported yet\n[^]*router_settings\.caching_groups: this key is not supported yet/,
    );
  });
});

function run(args: readonly string[], env: Record<string, string> = {}, cwd?: string): Sluice {
  const running = sluice(args, { env, ...(cwd === undefined ? {} : { cwd }) });
  cleanUps.push(() => running.child.kill('SIGKILL'));
  return running;
}

function config(text: string): string {
  const { path, remove } = folderWith({ 'gateway.yaml': text });
  cleanUps.push(remove);
  return `${path}/gateway.yaml`;
}
