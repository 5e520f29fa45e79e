import type { JsonObject } from '../types/json.ts';
import type { Misfit, Parts, Shape } from './shape.ts';

const MOST = 20;

/** All that does not fit, each at its place, as far as one thing does not hide another. For small inputs: it looks at everything. */
export function allMisfits(shape: Shape, value: unknown): readonly Misfit[] {
  const first = shape.misfit(value);
  if (!first) return [];
  const within = shape.parts && first.path.length > 0 ? misfitsWithin(shape.parts, value as JsonObject) : [];
  // A rule about the whole is broken where every part fits.
  return within.length === 0 ? [first] : within.slice(0, MOST);
}

function misfitsWithin(parts: Parts, value: JsonObject): readonly Misfit[] {
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  if (parts.kind === 'items') return keys.flatMap((key) => below(key, allMisfits(parts.item, value[key])));
  const { shapes, isClosed } = parts;
  const names = Object.keys(shapes);
  const missing = names.filter((name) => !shapes[name]?.isOptional && value[name] === undefined);
  return [
    ...missing.map((name): Misfit => ({ path: [name], wanted: 'there', found: undefined })),
    ...(keys as string[]).flatMap((name): readonly Misfit[] => {
      const [field, item] = [Object.hasOwn(shapes, name) ? shapes[name] : undefined, value[name]];
      if (!field) return isClosed ? [{ path: [name], wanted: 'absent', found: item, names }] : [];
      return item === undefined || (item === null && field.isOptional) ? [] : below(name, allMisfits(field, item));
    }),
  ];
}

function below(key: string | number, misfits: readonly Misfit[]): readonly Misfit[] {
  return misfits.map((misfit) => ({ ...misfit, path: [key, ...misfit.path] }));
}
