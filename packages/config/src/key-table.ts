import { z } from 'zod';
import { configFile } from './schema/config-file.ts';
import { UNSUPPORTED, type UnsupportedKey } from './schema/unsupported-keys.ts';

export type KeyRow = {
  /** Where it stands, such as `model_list[].litellm_params`; empty at the top. */
  readonly section: string;
  readonly key: string;
  readonly state: 'supported' | UnsupportedKey['state'];
  readonly meaning: string;
};

/** Every key that is known here: what the schema takes, then what it does not take and why. */
export const KEY_TABLE: readonly KeyRow[] = [...supportedRows(configFile, ''), ...unsupportedRows()];

/** The keys a section takes. */
export function keysOf(section: string): string[] {
  return KEY_TABLE.filter((row) => row.section === section && row.state === 'supported').map(({ key }) => key);
}

/** The sections, other than `section`, that take `key`. */
export function homesOf(key: string, section: string): string[] {
  return KEY_TABLE.filter((row) => row.key === key && row.section !== section && row.state === 'supported').map((row) => row.section);
}

function supportedRows(schema: z.core.$ZodType, section: string): KeyRow[] {
  if (schema instanceof z.ZodOptional) return supportedRows(schema.unwrap(), section);
  if (schema instanceof z.ZodArray) return supportedRows(schema.element, `${section}[]`);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([key, value]) => [
    { section, key, state: 'supported' as const, meaning: descriptionOf(value) },
    ...supportedRows(value, section === '' ? key : `${section}.${key}`),
  ]);
}

function descriptionOf(schema: z.ZodType): string {
  return schema.description ?? (schema instanceof z.ZodOptional ? descriptionOf(schema.unwrap() as z.ZodType) : '');
}

function unsupportedRows(): KeyRow[] {
  return Object.entries(UNSUPPORTED).flatMap(([section, keys]) =>
    Object.entries(keys).map(([key, { state, reason = '' }]) => ({ section, key, state, meaning: reason })),
  );
}
