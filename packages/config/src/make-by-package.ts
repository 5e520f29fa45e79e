import type { ConfigurationProblem, JsonObject } from '@sluice/core';
import type { Environment } from './from-environment.ts';
import { loadPackage, OURS, type PackageKind } from './load-package.ts';
import type { Findings } from './mistakes.ts';
import type { Path } from './yaml-source.ts';

type MakeRequest = {
  readonly kind: PackageKind;
  readonly name: string;
  readonly options: JsonObject;
  /** Where the name stands, and, unless there as well, the options. */
  readonly path: Path;
  readonly optionsPath?: Path;
  /** Names that are known to be for later. */
  readonly planned?: ReadonlySet<string>;
};
/** Has a package make something, or tells why it does not. */
export type Make = <T>(request: MakeRequest) => T | undefined;

/** Packages are found from `from`, and read credentials that the file does not say in `env`. */
export function maker(from: readonly string[], findings: Findings, env: Environment): Make {
  return <T>({ kind, name, options, path, optionsPath = path, planned }: MakeRequest) => {
    const loaded = loadPackage(kind, name, from);
    if ('failure' in loaded) {
      if (planned?.has(name)) findings.notYet(path, `'${name}'`);
      else findings.mistake(path, loaded.failure, installWord(loaded));
      return undefined;
    }
    const { create } = loaded.exported as { create?: (options: JsonObject, env: Environment) => T };
    if (typeof create !== 'function') {
      findings.mistake(path, `the package ${loaded.name} exports a \`${kind}\` without \`create\``);
      return undefined;
    }
    try {
      return create(options, env);
    } catch (error) {
      const { problems } = error as { problems?: readonly ConfigurationProblem[] };
      if (!problems) findings.mistake(optionsPath, `${loaded.name} refuses its options: ${(error as Error).message}`);
      for (const { place, message, suggestion } of problems ?? []) findings.mistake([...optionsPath, ...toPath(place)], message, suggestion);
      return undefined;
    }
  };
}

/** Of our own packages it is known that there is one. */
function installWord({ missing }: { readonly missing?: string }): string | undefined {
  return missing !== undefined && OURS.has(missing) ? `Run npm install ${missing}.` : undefined;
}

/** `words[0].text` as steps into the options. */
function toPath(place: string): Path {
  return place === ''
    ? []
    : place
        .replace(/\[(\d+)\]/g, '.$1')
        .split('.')
        .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
