import type { GatewayOptions } from '@sluice/core';

/**
 * Types a `sluice.config.ts` as it is written.
 *
 * @example export default defineConfig({ models: [{ name: 'gpt', deployments: [{ id: 'a', provider: 'openai', model: 'gpt-5' }] }] })
 */
export function defineConfig<Host = unknown>(options: GatewayOptions<Host>): GatewayOptions<Host> {
  return options;
}
