import type { Complete } from '../../models/model-memory.ts';
import type { GatewayOptions } from '../options.ts';

/** Gives each deployment the gateway's fields for requests that do not set them, each where it has none of its own. */
export function withDefaults({ defaults }: Pick<GatewayOptions, 'defaults'>): Complete {
  return (deployment) => (defaults ? { ...deployment, defaults: { ...defaults, ...deployment.defaults } } : deployment);
}
