import { expect, it, vi } from 'vitest';
import type { Loaded } from './load-package.ts';
import { maker } from './make-by-package.ts';
import { Findings } from './mistakes.ts';
import { yamlSource } from './yaml-source.ts';

const PACKAGES: Readonly<Record<string, Loaded>> = {
  own: { name: 'own', exported: { create: (_options: unknown, env: { NAME: string }) => ({ name: env.NAME }) } },
  langfuse: { failure: 'no package @sluice/logger-langfuse is installed', missing: '@sluice/logger-langfuse' },
  gone: { failure: 'no package @sluice/logger-gone is installed', missing: '@sluice/logger-gone' },
};

// Whatever the workspace has is found from everywhere in it.
vi.mock('./load-package.ts', async (original) => ({ ...(await original<object>()), loadPackage: (_kind: string, name: string) => PACKAGES[name] }));

it('says how to get one of our packages that is not there, and hands the environment to one that is', () => {
  const findings = new Findings(yamlSource('x.yaml', 'sinks: [langfuse, gone]'), 'refuse');
  const make = maker([], findings, { NAME: 'from the environment' });
  const made = (name: string, index: number) => make({ kind: 'sink', name, options: {}, path: ['sinks', index] });
  expect(made('own', 2)).toEqual({ name: 'from the environment' });
  expect([made('langfuse', 0), made('gone', 1)]).toEqual([undefined, undefined]);
  expect(findings.problems.map(({ message, suggestion }) => [message, suggestion])).toEqual([
    ['no package @sluice/logger-langfuse is installed.', 'Run npm install @sluice/logger-langfuse.'],
    ['no package @sluice/logger-gone is installed', undefined],
  ]);
});
