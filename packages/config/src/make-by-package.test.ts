import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { maker } from './make-by-package.ts';
import { Findings } from './mistakes.ts';
import { yamlSource } from './yaml-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-make-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('says how to get one of our packages that is not there, and hands the environment to one that is', () => {
  const source = yamlSource('x.yaml', 'sinks: [langfuse, gone]');
  const findings = new Findings(source, 'refuse');
  writeFileSync(join(folder, 'own.cjs'), 'exports.sink = { create: (options, env) => ({ name: env.NAME }) };');
  const make = maker([join(folder, 'package.json')], findings, { NAME: 'from the environment' });
  expect(make({ kind: 'sink', name: './own.cjs', options: {}, path: ['sinks'] })).toEqual({ name: 'from the environment' });
  expect(make({ kind: 'sink', name: 'langfuse', options: {}, path: ['sinks', 0] })).toBeUndefined();
  expect(make({ kind: 'sink', name: 'gone', options: {}, path: ['sinks', 1] })).toBeUndefined();
  expect(findings.problems.map(({ message, suggestion }) => [message, suggestion])).toEqual([
    ['no package @sluice/logger-langfuse or sluice-logger-langfuse is installed.', 'Run npm install @sluice/logger-langfuse.'],
    ['no package @sluice/logger-gone or sluice-logger-gone is installed', undefined],
  ]);
});
