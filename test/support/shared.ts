import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A path below the folder of outside evidence, which may lie beside the checkout; nothing when it does not. */
export function sharedPath(...parts: string[]): string | undefined {
  const path = fileURLToPath(new URL(['../../../shared', ...parts].join('/'), import.meta.url));
  return existsSync(path) ? path : undefined;
}
