import type { z } from 'zod';
import type { Findings } from './mistakes.ts';
import { type ConfigFile, configFile } from './schema/config-file.ts';
import type { Path } from './yaml-source.ts';

type Tree = Record<string | number, unknown>;

/**
 * Reads `data` by the schema, tells what is wrong, and goes on with the rest, so that mistakes further on are told
 * in the same run. What it returns is not to be used when anything was told.
 */
export function parseLeniently(data: unknown, findings: Findings): ConfigFile | undefined {
  const first = configFile.safeParse(data, { reportInput: true });
  if (first.success) return first.data;
  findings.schema(first.error.issues);

  const repaired = structuredClone(data) as Tree;
  remove(repaired, first.error.issues);
  const second = configFile.safeParse(repaired);
  if (second.success) return second.data;
  standIn(repaired, second.error.issues);
  return configFile.safeParse(repaired).data;
}

function remove(data: Tree, issues: readonly z.core.$ZodIssue[]): void {
  for (const issue of issues) {
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const path of paths as Path[]) {
      const parent = parentOf(data, path);
      const last = path.at(-1);
      if (parent && last !== undefined) delete parent[last];
    }
  }
}

/** Required fields are texts, but for these, of which not every text will do. */
const STAND_INS: Readonly<Record<string, unknown>> = { mode: 'pre_call', at: 1 };

function standIn(data: Tree, issues: readonly z.core.$ZodIssue[]): void {
  for (const { path } of issues as readonly { readonly path: Path }[]) {
    const parent = parentOf(data, path);
    const last = path.at(-1);
    if (parent && last !== undefined) parent[last] = STAND_INS[last] ?? '?';
  }
}

function parentOf(data: Tree, path: Path): Tree | undefined {
  const parent = path.slice(0, -1).reduce<unknown>((at, step) => (at as Tree | undefined)?.[step], data);
  return typeof parent === 'object' && parent !== null ? (parent as Tree) : undefined;
}
