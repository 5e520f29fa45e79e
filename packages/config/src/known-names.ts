import { didYouMean, matchesWildcard } from '@sluice/core';
import type { Findings } from './mistakes.ts';
import type { Path } from './yaml-source.ts';

/** Tells each name that none of the known ones covers. */
export function checkNames(used: readonly (readonly [Path, string])[], known: readonly string[], findings: Findings): void {
  for (const [path, name] of used) if (!isKnown(name, known)) findings.mistake(path, `no model is named '${name}'`, didYouMean(name, known));
}

export function isKnown(name: string, known: readonly string[]): boolean {
  return known.some((pattern) => matchesWildcard(pattern, name));
}
