import type { Path } from './yaml-source.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /^os\.environ\/(.+)$/;

/** The variable that a value of the file stands for, if it stands for one. */
export function variableOf(value: unknown): string | undefined {
  return typeof value === 'string' ? REFERENCE.exec(value)?.[1] : undefined;
}

/** `data` with each `os.environ/NAME` replaced, wherever it stands. A variable that is not set is told and left out. */
export function fromEnvironment(data: unknown, env: Environment, missing: (path: Path, name: string) => void, path: Path = []): unknown {
  const name = variableOf(data);
  if (name !== undefined) {
    const value = env[name];
    if (value === undefined || value === '') missing(path, name);
    return value;
  }
  if (Array.isArray(data)) return data.map((item, index) => fromEnvironment(item, env, missing, [...path, index]));
  if (typeof data !== 'object' || data === null || data instanceof Date) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, fromEnvironment(value, env, missing, [...path, key])]));
}
