import type { Price } from '@sluice/core';

/** Ten output tokens make a cent; input is free. */
export const PAID: Price = { input: 0, output: 1_000_000_000_000 };
export const TOKEN_NANO_USD = 1_000_000;
export const KEY = 'sk-a-key-for-the-proofs';
/** A call of the model `m` that may cost a cent. */
export const ALLOWED_ONE_CENT = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'Say it' }] };
