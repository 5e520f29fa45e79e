/** A secret in a text: from `start` up to, not including, `end`. */
export type Finding = { readonly start: number; readonly end: number; readonly kind: string };

/** Finds one kind of secret from a place on, in time that grows with the text and no faster. */
export type Finder = (text: string, from: number) => readonly Finding[];
