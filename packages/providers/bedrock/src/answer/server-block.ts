import type { JsonObject } from '@sluice/core';

/** What has no form in a chat, as it would stand in a whole answer. */
export function serverBlock({ input, more }: { readonly input: string; readonly more: JsonObject }): JsonObject | undefined {
  if (Object.keys(more).length === 0) return undefined;
  return input === '' ? more : { ...more, toolUse: { ...(more.toolUse as JsonObject | undefined), input: parsed(input) } };
}

/** Lists grow, and objects are filled up. */
export function joined(before: JsonObject, delta: JsonObject): JsonObject {
  const merged = Object.entries(delta).map(([field, value]) => {
    const had = before[field];
    if (Array.isArray(value)) return [field, { ...(had as JsonObject | undefined), content: [...contentOf(had), ...(value as unknown[])] }];
    return [field, isObject(had) && isObject(value) ? { ...had, ...value } : value];
  });
  return { ...before, ...(Object.fromEntries(merged) as JsonObject) };
}

function contentOf(value: unknown): readonly unknown[] {
  return isObject(value) && Array.isArray(value.content) ? (value.content as unknown[]) : [];
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input) as unknown;
  } catch {
    return input;
  }
}
