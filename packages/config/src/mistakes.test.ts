import { afterEach, describe, expect, it } from 'vitest';
import { load, mistakes, removeFolders } from './config-folder.test.support.ts';
import { readConfig } from './load-config.ts';

afterEach(removeFolders);

describe('packages', () => {
  const files = {
    'node_modules/sluice-guardrail-words/index.js': `exports.guardrail = { create: (options) => {
      if (!options.words) throw Object.assign(new Error('wrong'), { problems: [{ place: 'words[0]', message: 'is missing' }] });
      return { name: 'words', longestFinding: 7, check: () => ({ action: 'allow' }) };
    } }`,
    'node_modules/@sluice/logger-lines/index.js': `exports.sink = { create: ({ file = 'default' }) => ({ name: 'lines:' + file, write() {} }) }`,
    'my-hook.cjs': `exports.plugin = { create: () => ({ name: 'mine', phase: 'auth', handle: (ctx, next) => next() }) }`,
    'node_modules/sluice-plugin-empty/index.js': '',
  };

  it('are named in the file and made with the options there', () => {
    const { options } = load(
      `
guardrails:
  - guardrail_name: no-secrets
    litellm_params: { guardrail: words, mode: [pre_call, post_call], default_on: false, stream: { window: 64 }, on_error: open, words: [x] }
sinks: [lines, { sink: "@sluice/logger-lines", file: b }]
plugins: [./my-hook.cjs]
litellm_settings: { success_callback: [lines] }
`,
      {},
      files,
    );
    expect(options.guardrails).toMatchObject([
      {
        guardrail: { name: 'no-secrets', onError: 'open', check: expect.any(Function), longestFinding: 7 },
        on: ['input', 'output'],
        stream: { mode: 'window', characters: 64 },
        always: false,
      },
    ]);
    expect(options.sinks?.map(({ name }) => name)).toEqual(['lines:default', 'lines:b']);
    expect(options.hooks).toMatchObject([{ name: 'mine' }]);
  });

  it('that are missing, empty or refuse their options are told at their place', () => {
    expect(
      mistakes(
        `
guardrails:
  - guardrail_name: a
    litellm_params: { guardrail: words, mode: pre_call }
  - guardrail_name: b
    litellm_params: { guardrail: presidio, mode: pre_call }
sinks: [gone]
plugins: [empty]
litellm_settings: { callbacks: [langsmith] }
`,
        {},
        files,
      ),
    ).toEqual([
      '4:21 guardrails[0].litellm_params.words[0]: is missing',
      "6:34 guardrails[1].litellm_params.guardrail: 'presidio' is not supported yet",
      '7:9 sinks[0]: no package @sluice/logger-gone or sluice-logger-gone is installed',
      '8:11 plugins[0]: the package sluice-plugin-empty exports no `plugin`',
      "9:33 litellm_settings.callbacks[0]: 'langsmith' is not supported yet",
    ]);
  });
});

describe('mistakes', () => {
  it('are told all at once, with their place and a suggestion', () => {
    expect(
      mistakes(
        `
model_lst: []
model_list:
  - model_name: a
    litellm_params:
      model: acme/x
      api_key: os.environ/GONE
      temprature: 1
      timeout: soon
  - litellm_params: { model: acme/y, tiered_pricing: 1 }
router_settings:
  routing_strategy: latency-baste
  fallbacks: { a: [bb], nowhere: [a] }
  max_budget: 5
general_settings:
  alerting_args: {}
  custom_auth: a.b
  keys: []
`,
        { ACME_KEY: 'k' },
      ),
    ).toEqual([
      "2:1 model_lst: unknown key. Did you mean 'model_list'?",
      '7:16 model_list[0].litellm_params.api_key: the environment variable GONE is not set',
      "8:7 model_list[0].litellm_params.temprature: unknown key. Did you mean 'temperature'?",
      '9:16 model_list[0].litellm_params.timeout: expected number, received string',
      '10:5 model_list[1].model_name: is missing; expected string',
      '10:38 model_list[1].litellm_params.tiered_pricing: this key is not supported yet',
      "12:21 router_settings.routing_strategy: unknown strategy 'latency-baste'. Did you mean 'latency-based'?",
      "13:14 router_settings.fallbacks: no model is named 'bb'. Did you mean 'a'?",
      '14:3 router_settings.max_budget: unknown key. It belongs in litellm_settings or general_settings.',
      '16:3 general_settings.alerting_args: this key is not supported yet',
      '17:3 general_settings.custom_auth: this key will not be supported: it names Python code; write a hook in a package and name it under `plugins`',
      '18:3 general_settings.keys: unknown key. It belongs in the top level.',
    ]);
  });

  it('that only the whole shows are told at their place too', () => {
    expect(
      mistakes(
        `
model_list:
  - { model_name: a, litellm_params: { model: acme/x } }
  - { model_name: b, litellm_params: { model: "acme/*", api_key: x } }
router_settings: { model_group_alias: { a: b } }
keys:
  - { id: one, key: sk-1 }
  - { id: one, key: sk-2 }
`,
        { ACME_KEY: 'k' },
      ),
    ).toEqual([
      "4:38 model_list[1].litellm_params: '*' has more '*' than the name 'b' could fill",
      '5:44 router_settings.model_group_alias.a: a model has this name already',
      "8:11 keys[1].id: 'one' is declared already",
    ]);
  });

  it('are silent models that are nowhere, or two of one model', () => {
    const silent = (first: string, second: string): string[] =>
      mistakes(
        `
model_list:
  - { model_name: a, litellm_params: { model: acme/a, silent_model: ${first} } }
  - { model_name: a, litellm_params: { model: acme/a2, silent_model: ${second} } }
  - { model_name: b, litellm_params: { model: acme/b } }
`,
        { ACME_KEY: 'k' },
      );
    expect(silent('b', 'b')).toEqual([]);
    expect(silent('b', 'a')).toEqual(["4:70 model_list[1].litellm_params.silent_model: 'a' has the silent model 'b' already"]);
    expect(silent('c', 'c').join()).toContain("model_list[0].litellm_params: no model is named 'c'");
  });

  it('are fallbacks that nothing would use', () => {
    expect(
      mistakes(
        `
model_list: [{ model_name: "acme/*", litellm_params: { model: "acme/*" } }]
router_settings:
  fallbacks: [{ acme/a: [acme/b] }]
`,
        { ACME_KEY: 'k' },
      ),
    ).toEqual(["4:14 router_settings.fallbacks: 'acme/a' needs an entry of its own in model_list to have fallbacks; a wildcard or an alias is not enough"]);
  });

  it('become notes for names of models that are nowhere, where something remains', () => {
    const { options, notes } = load(
      `
model_list: [{ model_name: a, litellm_params: { model: acme/a } }, { model_name: b, litellm_params: { model: acme/b } }]
router_settings:
  model_group_alias: { group: [a, gone] }
  fallbacks: [{ gone: [a] }, { a: [b] }]
`,
      { ACME_KEY: 'k' },
    );
    expect(options.aliases).toEqual({ group: ['a'] });
    expect(options.models?.map(({ fallbacks }) => fallbacks)).toEqual([['b'], undefined]);
    expect(notes.map(({ message }) => message)).toEqual([
      "no model is named 'gone', so the alias is the others",
      "no model is named 'gone', so its fallbacks are left out",
    ]);
  });

  it('of syntax are told with their place', () => {
    expect(mistakes('a: [1\nb: "x')[0]).toMatch(/^2:\d+: /);
    expect(mistakes('keys: []\nkeys: []')).toEqual([expect.stringMatching(/^2:1: .*unique/)]);
  });

  it('do not hide behind a file that is not there', () => {
    expect(() => readConfig('/nowhere/at-all.yaml')).toThrow('/nowhere/at-all.yaml: there is no such file');
  });

  it('become notes for what has nothing to do here, and for what is to be passed over', () => {
    const text = 'router_settings: { set_verbose: true }\ngeneral_settings: { alerting_args: {} }';
    expect(mistakes(text)).toHaveLength(1);
    const { notes } = load(text, {}, {}, 'note');
    expect(notes.map(({ place, message }) => `${place.split(':').slice(1).join(':')}: ${message}`)).toEqual([
      '1:20 router_settings.set_verbose: has nothing to do here: the log level of the server is set by LOG_LEVEL',
      '2:21 general_settings.alerting_args: this key is not supported yet',
    ]);
  });
});
