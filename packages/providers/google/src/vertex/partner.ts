import { isImagen } from '../images/imagen.ts';

/** Makers whose models speak their own language at Vertex, by how the names of their models begin. */
const PUBLISHERS: readonly (readonly [RegExp, Publisher])[] = [
  [/^claude-/, 'anthropic'],
  [/^(?:mistral|codestral|ministral|magistral)/, 'mistralai'],
  [/^jamba/, 'ai21'],
];
/** `meta/llama-3.3-70b-instruct-maas`, unless the first word is one of Google's own. */
const AS_A_SERVICE = /^(?!publishers\/|models\/|endpoints\/|gemini\/)[\w-]+\/[\w.@-]+$/;

export type Publisher = 'anthropic' | 'mistralai' | 'ai21';

/**
 * Who has made a model, and so how it is spoken to: by a publisher's own API, by OpenAI's (`openapi`), or, in all
 * other cases, by Google's, which is another one for Imagen.
 */
export function partnerOf(model: string): Publisher | 'openapi' | 'google' | 'imagen' {
  if (isImagen(model)) return 'imagen';
  if (AS_A_SERVICE.test(model)) return 'openapi';
  return PUBLISHERS.find(([pattern]) => pattern.test(model))?.[1] ?? 'google';
}
