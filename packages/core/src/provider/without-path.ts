import type { JsonObject } from '../types/json.ts';

/** `seed`, `tools[*].function.strict`, `messages[0].name`: what {@link withoutPath} understands. */
export const FIELD_PATH = /^[\w-]+(?:\.[\w*-]+|\[(?:\*|\d+)\])*$/;

/** A copy of `value` without what stands at `path`; everything beside the way there is shared. */
export function withoutPath(value: unknown, path: string): unknown {
  return without(value, path.replaceAll(/\[(\*|\d+)\]/g, '.$1').split('.'));
}

function without(value: unknown, [step = '', ...rest]: readonly string[]): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const isMeant = (index: number): boolean => step === '*' || step === String(index);
    if (rest.length === 0) return value.filter((_, index) => !isMeant(index));
    return value.map((item: unknown, index) => (isMeant(index) ? without(item, rest) : item));
  }
  if (!(step in value)) return value;
  const { [step]: found, ...others } = value as JsonObject;
  return rest.length === 0 ? others : { ...others, [step]: without(found, rest) };
}
