import { createHash } from 'node:crypto';
import { variableOf } from './from-environment.ts';
import { formatPath, type Path, type YamlSource } from './yaml-source.ts';

/** One value of a configuration, as it may be shown. */
export type Said = {
  /** Such as `general_settings.rpm_limit`. */
  readonly path: string;
  /** Its value, or stars for what nobody may read, or the variable that it comes from. */
  readonly shown: string;
  /** Where it was said: `file:line`. */
  readonly origin: string;
  /** Differs whenever the value does, and tells nothing of it. */
  readonly mark: string;
};

const MASKED = '***';
const SECRET_NAME = /(?:^|_)(?:key|keys|secret|token|password|credentials|connection_string)$/i;
/** What stands below these may carry credentials under any name. */
const SECRET_SECTIONS: ReadonlySet<string> = new Set(['headers', 'extra_headers', 'environment_variables', 'vertex_credentials', 'credential_values']);

/** Every value that a file says, in its order. */
export function saidIn({ data, place }: YamlSource): Said[] {
  const said: Said[] = [];
  const add = (value: unknown, path: Path): void => {
    if (Array.isArray(value) && value.some(isBranch)) value.forEach((item, index) => add(item, [...path, index]));
    else if (isBranch(value) && !Array.isArray(value)) for (const [key, inner] of Object.entries(value)) add(inner, [...path, key]);
    else said.push({ path: formatPath(path), shown: shownAs(value, path), origin: lineOf(place(path).place), mark: markOf(value) });
  };
  if (isBranch(data)) for (const [key, value] of Object.entries(data)) add(value, [key]);
  return said;
}

/** What is different in `now`, a line each. */
export function changesSince(before: readonly Said[], now: readonly Said[]): string[] {
  const [old, fresh] = [new Map(before.map((one) => [one.path, one])), new Map(now.map((one) => [one.path, one]))];
  return [
    ...before.filter(({ path }) => !fresh.has(path)).map(({ path }) => `${path}: gone`),
    ...now.flatMap(({ path, shown, mark }) => {
      const former = old.get(path);
      if (former?.mark === mark) return [];
      if (former === undefined) return [`${path}: ${shown}`];
      return [former.shown === shown ? `${path}: changed` : `${path}: ${shown} in place of ${former.shown}`];
    }),
  ];
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

/** A value as it may be shown at its place. */
export function shownAs(value: unknown, path: Path): string {
  const variable = variableOf(value);
  if (variable !== undefined) return `from ${variable}`;
  const name = path.findLast((step) => typeof step === 'string') ?? '';
  const isSecret = typeof value !== 'number' && (SECRET_NAME.test(String(name)) || path.some((step) => SECRET_SECTIONS.has(String(step))));
  return isSecret ? MASKED : withoutPasswords(JSON.stringify(value));
}

function withoutPasswords(text: string): string {
  return text.replace(/(:\/\/)[^/\s"@]+@/g, `$1${MASKED}@`);
}

function lineOf(place: string): string {
  return place.replace(/:\d+(?: .*)?$/, '');
}

function markOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('base64url');
}
