import { createHash } from 'node:crypto';

const OWN_FORM = /^[a-zA-Z0-9]{9}$/;

/**
 * Mistral's validator takes ids of nine letters and digits only, and a conversation may have begun with another
 * provider. The same id always becomes the same one, so that calls and results find each other.
 */
export function toToolId(id: string): string {
  return OWN_FORM.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 9);
}
