/** A program to measure, or the mock itself. */
export type Variant = {
  readonly name: VariantName;
  readonly label: string;
  /** Where the gateway stands, before `/v1/chat/completions`. */
  readonly mount: '' | '/ai';
  /** The same framework without a gateway. */
  readonly bare?: VariantName;
};

export type VariantName = (typeof VARIANTS)[number]['name'];

export const VARIANTS = [
  { name: 'bare-node', label: 'bare node:http', mount: '' },
  { name: 'bare-express', label: 'bare Express 5', mount: '/ai' },
  { name: 'bare-koa', label: 'bare Koa 3', mount: '/ai' },
  { name: 'sluice-node', label: 'Sluice on node:http', mount: '', bare: 'bare-node' },
  { name: 'sluice-express', label: 'Sluice mounted in Express 5', mount: '/ai', bare: 'bare-express' },
  { name: 'sluice-native', label: 'Sluice in front of Express 5', mount: '/ai', bare: 'bare-express' },
  { name: 'sluice-koa', label: 'Sluice mounted in Koa 3', mount: '/ai', bare: 'bare-koa' },
  { name: 'sluice-guarded', label: 'Sluice on node:http, keyword guardrail', mount: '', bare: 'bare-node' },
  { name: 'sluice-cached', label: 'Sluice on node:http, cache hits', mount: '', bare: 'bare-node' },
  { name: 'sluice-translating', label: 'Sluice on node:http, every event translated', mount: '', bare: 'bare-node' },
] as const;

/** Enough to see whether a change helps. */
export const QUICK_VARIANTS: readonly VariantName[] = ['bare-node', 'bare-koa', 'sluice-node', 'sluice-koa', 'sluice-cached'];
