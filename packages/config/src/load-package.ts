import { createRequire } from 'node:module';
import { loadFailure, NOT_INSTALLED } from '@sluice/core/node';

export type PackageKind = 'guardrail' | 'sink' | 'provider' | 'plugin' | 'store' | 'database' | 'identity';

const PREFIXES: Readonly<Record<PackageKind, string>> = {
  guardrail: 'guardrail',
  sink: 'logger',
  provider: 'provider',
  plugin: 'plugin',
  store: 'store',
  database: 'store',
  identity: 'identity',
};

export type Loaded = { readonly name: string; readonly exported: unknown } | { readonly failure: string; readonly missing?: string };

/** Loads a package that a configuration file names, as seen from each of `files` in turn. */
export function loadPackage(kind: PackageKind, name: string, files: readonly string[]): Loaded {
  for (const candidate of candidatesFor(kind, name)) {
    for (const file of files) {
      try {
        const exported = (createRequire(file)(candidate) as Record<string, unknown>)[kind];
        return exported === undefined ? { failure: `the package ${candidate} exports no \`${kind}\`` } : { name: candidate, exported };
      } catch (error) {
        const failure = loadFailure(error, candidate);
        if (failure !== NOT_INSTALLED) return { failure: `the package ${candidate} ${failure}` };
      }
    }
  }
  const candidates = candidatesFor(kind, name);
  return { failure: `no package ${candidates.join(' or ')} is installed`, ...(candidates[0] !== undefined && { missing: candidates[0] }) };
}

/** A short name stands for ours, then for anybody's; what looks like a package or a file is taken as it is. */
function candidatesFor(kind: PackageKind, name: string): string[] {
  const isWhole = /^[@./]/.test(name) || name.startsWith(`sluice-${PREFIXES[kind]}-`);
  return isWhole ? [name] : [`@sluice/${PREFIXES[kind]}-${name}`, `sluice-${PREFIXES[kind]}-${name}`];
}

/** Our packages that a file may name by a name of LiteLLM's. */
export const OURS: ReadonlySet<string> = new Set(
  ['logger-jsonl', 'logger-langfuse', 'logger-lunary', 'logger-pino', 'logger-prometheus', 'logger-slack']
    .concat(['guardrail-keywords', 'guardrail-llamaguard', 'guardrail-moderation', 'guardrail-secrets', 'identity-jwt', 'store-redis', 'store-sql'])
    .map((name) => `@sluice/${name}`),
);
