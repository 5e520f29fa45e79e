/**
 * What can be made. `folder` is below packages/; `prefix` is what a configuration file puts before a short name;
 * `tests` are packages that only the tests use.
 */
export const KINDS = {
  provider: { folder: 'providers', prefix: 'provider', hasOptions: false, tests: ['testing'] },
  guardrail: { folder: 'guardrails', prefix: 'guardrail', hasOptions: true, tests: ['provider-demo', 'testing'] },
  store: { folder: 'stores', prefix: 'store', hasOptions: true, tests: ['testing'] },
  hook: { folder: 'hooks', prefix: 'plugin', hasOptions: true, tests: ['provider-demo', 'testing'] },
  sink: { folder: 'loggers', prefix: 'logger', hasOptions: true, tests: ['testing'] },
  identity: { folder: 'identity', prefix: 'identity', hasOptions: true, tests: ['testing'] },
};

/** Words for the same thing that stand in package names and folders. */
const OTHER_WORDS = { logger: 'sink', plugin: 'hook', middleware: 'hook', cache: 'store', auth: 'identity', login: 'identity' };

/** What is wrong with the kind, or nothing. */
export function kindProblem(kind) {
  if (Object.hasOwn(KINDS, kind)) return undefined;
  const word = kind.toLowerCase().replace(/s$/, '');
  const meant = Object.keys(KINDS).find((known) => known === word || known === OTHER_WORDS[word] || (word.length > 1 && known.startsWith(word.slice(0, 2))));
  return `There is no kind '${kind}', but ${Object.keys(KINDS).join(', ')}.${meant === undefined ? '' : ` Did you mean '${meant}'?`}`;
}
