import { contextKey } from './context.ts';

/** How much of an answer has come so far, for hooks that cannot wait for the provider's figures. */
export type Delivered = {
  /** Output tokens, as well as they can be told from the text. */
  readonly tokens: number;
};

/** Left by whoever reads the provider's stream. */
export const delivered = contextKey<Delivered>('delivered');
