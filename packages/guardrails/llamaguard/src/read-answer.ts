import type { JsonObject } from '@sluice/core';

/** What Llama Guard says of a text: nothing, or the codes of what it has found. */
export type Judgement = { readonly isSafe: true } | { readonly isSafe: false; readonly codes: readonly string[] };

/**
 * Reads `safe`, or `unsafe` with codes on the lines that follow.
 * @throws Error for anything else: a model that was cut off or is another one has not said that a text is safe.
 */
export function readAnswer({ choices }: JsonObject): Judgement {
  const content = (choices as readonly { readonly message?: { readonly content?: unknown } }[] | undefined)?.[0]?.message?.content;
  const [word = '', ...rest] = typeof content === 'string' ? content.trim().split(/\s+/) : [];
  if (/^safe$/i.test(word) && rest.length === 0) return { isSafe: true };
  if (/^unsafe$/i.test(word)) return { isSafe: false, codes: [...rest.join(' ').matchAll(/\bS\d{1,2}\b/gi)].map(([code]) => code.toUpperCase()) };
  throw new Error('The model has answered with neither `safe` nor `unsafe`; is it a Llama Guard?');
}
