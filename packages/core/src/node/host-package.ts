import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { ConfigurationProblem } from '../errors/configuration-error.ts';

/** The package that mounts the gateway: what it depends on, and how to load that as if from its own code. */
export type HostPackage = {
  readonly folder: string;
  readonly file: string;
  readonly dependencies: readonly string[];
  /** Dependencies that may be missing. */
  readonly optional: readonly string[];
  /** Loads a package or file at once, as `require` does; ES modules too, if they do not await at their top level. */
  load(name: string): unknown;
};

type Manifest = { readonly dependencies?: Record<string, string>; readonly optionalDependencies?: Record<string, string> };

/** The nearest package.json from `folder` upwards. */
export function findHostPackage(folder: string, problems: ConfigurationProblem[]): HostPackage | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const file = join(at, 'package.json');
    if (existsSync(file)) return readHostPackage(file, problems);
    if (at === dirname(at)) return undefined;
  }
}

export function readHostPackage(file: string, problems: ConfigurationProblem[]): HostPackage {
  const manifest = readManifest(file, problems);
  const optional = Object.keys(manifest.optionalDependencies ?? {});
  return {
    folder: dirname(file),
    file,
    dependencies: [...new Set([...Object.keys(manifest.dependencies ?? {}), ...optional])],
    optional,
    load: createRequire(file),
  };
}

function readManifest(file: string, problems: ConfigurationProblem[]): Manifest {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch (error) {
    problems.push({ place: file, message: `cannot be read: ${(error as Error).message}` });
    return {};
  }
}

/** What {@link loadFailure} says of a package that is not there, as against one that is broken. */
export const NOT_INSTALLED = 'is not installed';

/** What went wrong with `load`, in a sentence for whoever runs the host. */
export function loadFailure(error: unknown, name: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'MODULE_NOT_FOUND':
      return message.includes(`'${name}'`) ? NOT_INSTALLED : `cannot be loaded: ${firstLine(message)}`;
    case 'ERR_REQUIRE_ASYNC_MODULE':
      return 'awaits at its top level, so it cannot be loaded at once; move the await into a function';
    case 'ERR_PACKAGE_PATH_NOT_EXPORTED':
      return 'has no `default` among its exports, so it can be imported but not loaded at once';
    default:
      return `cannot be loaded: ${firstLine(message ?? String(error))}`;
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
