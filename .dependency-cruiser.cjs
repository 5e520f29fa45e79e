// Who may import whom. `docs/pipeline.md` and AGENTS.md say it in words; this file is what keeps it.
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/** Folders of core: each may import only those before it. */
const LAYERS = [
  'types',
  'errors',
  'stream',
  'store',
  'keys',
  'models',
  'pricing',
  'directory',
  'identities',
  'requests',
  'pipeline',
  'routing',
  'provider',
  'files',
  'hooks',
  'admin',
  'http',
  'gateway',
  'node',
];
const CORE = '^packages/core/src';
const PLUGIN_KINDS = 'providers|guardrails|stores|loggers|hooks|identity';
/** Captures the folder of a package, as $1. */
const PACKAGE = `^(packages/(?:(?:${PLUGIN_KINDS})/)?[^/]+)/`;
const TESTS = '\\.test(?:\\.support)?\\.ts$';

module.exports = {
  forbidden: [
    ...LAYERS.map((layer, index) => ({
      name: `core-${layer}-looks-up-only`,
      comment: `In core, ${layer} may import ${LAYERS.slice(0, index).join(', ') || 'nothing'}.`,
      severity: 'error',
      from: { path: `${CORE}/${layer}/`, pathNot: TESTS },
      to: { path: `${CORE}/(?:${[...LAYERS.slice(index + 1), 'index\\.ts'].join('|')})` },
    })),
    {
      name: 'core-folders-are-known',
      comment: 'A new folder in core has to take its place in the order of layers, here and in AGENTS.md.',
      severity: 'error',
      from: {},
      to: { path: `${CORE}/[^/]+/`, pathNot: `${CORE}/(?:${LAYERS.join('|')})/` },
    },
    {
      name: 'hooks-know-no-provider',
      comment: 'A hook sees the call and the reply, never how a provider is spoken to.',
      severity: 'error',
      from: { path: `${CORE}/hooks/`, pathNot: TESTS },
      to: { path: `${CORE}/provider/` },
    },
    {
      name: 'hooks-know-no-other-hook',
      comment: 'Hooks meet in the context only; what two of them need belongs in a folder above.',
      severity: 'error',
      from: { path: `${CORE}/hooks/([^/.]+)`, pathNot: TESTS },
      to: { path: `${CORE}/hooks/`, pathNot: `${CORE}/hooks/$1[-./]` },
    },
    {
      name: 'core-knows-nobody',
      comment: 'Core names no provider, guardrail, store, logger or adapter.',
      severity: 'error',
      from: { path: `${CORE}/`, pathNot: TESTS },
      to: { path: '^(?:packages|examples|test|bench)/', pathNot: '^packages/core/' },
    },
    {
      name: 'plugins-know-core-only',
      comment:
        'Plugins stand alone on core, and on the wire forms that several share: none needs another one, an adapter or the server. Their tests may use @sluice/testing.',
      severity: 'error',
      from: { path: `^(packages/(?:${PLUGIN_KINDS})/[^/]+)/`, pathNot: TESTS },
      to: { path: '^packages/', pathNot: ['^$1/', '^packages/(?:core|openai-wire|anthropic-wire|aws-wire|tgi-wire)/'] },
    },
    {
      name: 'outer-packages-know-core-only',
      comment: 'Adapters, the configuration reader and the contract suites name no plugin; plugins come as options or by discovery.',
      severity: 'error',
      from: { path: '^(packages/(?:express-adapter|koa-adapter|config|testing|openai-wire|anthropic-wire|aws-wire|tgi-wire))/', pathNot: TESTS },
      to: { path: '^packages/', pathNot: ['^$1/', '^packages/core/'] },
    },
    {
      name: 'public-names-only',
      comment: 'Another package is reached through the entry points of its package.json.',
      severity: 'error',
      from: { path: PACKAGE },
      to: { path: '^packages/', pathNot: ['^$1/', ...entryPoints()] },
    },
    {
      name: 'public-names-only-outside',
      comment: 'Examples, tests and benchmarks use what a user can use.',
      severity: 'error',
      from: { path: '^(?:examples|test|bench)/' },
      to: { path: '^packages/', pathNot: entryPoints() },
    },
    { name: 'nobody-imports-server', severity: 'error', from: { pathNot: '^(?:packages/server|test|examples|bench)/' }, to: { path: '^packages/server/' } },
    { name: 'nobody-imports-the-outside', severity: 'error', from: { path: '^packages/' }, to: { path: '^(?:examples|test|bench|tools)/' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'everything-resolves', severity: 'error', from: { pathNot: '/dist/' }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist/', '^bench/peers', '^tools/create-plugin/templates'] },
    // Types are dependencies too: a layer that needs the types of the next one stands in the wrong place.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@sluice/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
};

/** The sources behind every `exports` entry of every package, as patterns. */
function entryPoints() {
  return packageFolders().flatMap((folder) => {
    const { exports = {} } = JSON.parse(readFileSync(join(__dirname, folder, 'package.json'), 'utf8'));
    return Object.values(exports)
      .map((target) => target['@sluice/source'])
      .filter((source) => source !== undefined)
      .map((source) => `^${join(folder, source).replaceAll('.', '\\.')}$`);
  });
}

function packageFolders() {
  const kinds = ['packages', ...PLUGIN_KINDS.split('|').map((kind) => join('packages', kind))];
  return kinds
    .filter((kind) => existsSync(join(__dirname, kind)))
    .flatMap((kind) => readdirSync(join(__dirname, kind)).map((name) => join(kind, name)))
    .filter((folder) => existsSync(join(__dirname, folder, 'package.json')));
}
