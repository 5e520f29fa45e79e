import { type Secret, secret } from '@sluice/core';

/** A credential that an option gives as text or as a secret; an empty text is none. */
export function toSecret(given: string | Secret | undefined): Secret | undefined {
  if (typeof given !== 'string') return given;
  return given === '' ? undefined : secret(given);
}
