import * as keywords from '@sluice/guardrail-keywords';
import * as llamaguard from '@sluice/guardrail-llamaguard';
import * as moderation from '@sluice/guardrail-moderation';
import * as secrets from '@sluice/guardrail-secrets';
import * as langfuse from '@sluice/logger-langfuse';
import * as lunary from '@sluice/logger-lunary';
import * as prometheus from '@sluice/logger-prometheus';
import * as slack from '@sluice/logger-slack';

const PLUGINS = {
  'guardrail-keywords': keywords,
  'guardrail-llamaguard': llamaguard,
  'guardrail-moderation': moderation,
  'guardrail-secrets': secrets,
  'logger-langfuse': langfuse,
  'logger-lunary': lunary,
  'logger-prometheus': prometheus,
  'logger-slack': slack,
};

/** Packages as `require` finds them, with what this process has imported: those of the workspace are TypeScript here. */
export function pluginFiles(): Record<string, string> {
  const key = 'sluice.test.plugins';
  Object.assign(globalThis, { [Symbol.for(key)]: PLUGINS });
  return Object.fromEntries(
    Object.keys(PLUGINS).map((name) => [`node_modules/@sluice/${name}/index.js`, `module.exports = globalThis[Symbol.for('${key}')]['${name}'];`]),
  );
}
