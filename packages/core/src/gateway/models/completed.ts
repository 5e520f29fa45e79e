import type { Complete } from '../../models/model-memory.ts';
import type { GatewayOptions } from '../options.ts';
import { withDefaults } from './with-defaults.ts';
import { withPrices } from './with-prices.ts';
import { withRules } from './with-rules.ts';

/** What of a gateway's options ends up in each of its deployments. */
export const COMPLETING = ['providers', 'prices', 'parameterRules', 'defaults'] as const satisfies readonly (keyof GatewayOptions)[];

/** Completes deployments by a gateway's options: price and limits, parameter rules, defaults. */
export function completed(options: GatewayOptions): Complete {
  const [priced, ruled, filled] = [withPrices(options), withRules(options), withDefaults(options)];
  return (deployment) => filled(ruled(priced(deployment)));
}
