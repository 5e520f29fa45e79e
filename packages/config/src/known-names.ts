import { didYouMean, matchesWildcard } from '@sluice/core';
import type { Findings } from './mistakes.ts';
import type { Path } from './yaml-source.ts';

/** The models that a file can mean. */
export type KnownNames = {
  readonly names: readonly string[];
  /** Whether there are others, which only the directory knows. */
  readonly mayGrow: boolean;
};

/** Tells each name that none of the known ones covers: as a mistake, or where it may yet come as a note. */
export function checkNames(used: readonly (readonly [Path, string])[], known: KnownNames, findings: Findings): void {
  for (const [path, name] of used) {
    if (isKnown(name, known)) continue;
    const suggestion = didYouMean(name, known.names);
    if (known.mayGrow)
      findings.note(path, `no model of this file is named '${name}', so that the directory has to have it${suggestion ? `. ${suggestion}` : ''}`);
    else findings.mistake(path, `no model is named '${name}'`, suggestion);
  }
}

export function isKnown(name: string, { names }: KnownNames): boolean {
  return names.some((pattern) => matchesWildcard(pattern, name));
}
