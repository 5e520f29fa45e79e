import type { Complete } from '../../models/model-memory.ts';
import type { GatewayOptions } from '../options.ts';

/** Gives each deployment the gateway's parameter rules, each rule where it has none of its own. */
export function withRules({ parameterRules: rules }: Pick<GatewayOptions, 'parameterRules'>): Complete {
  return (deployment) => (rules ? { ...deployment, parameterRules: { ...rules, ...deployment.parameterRules } } : deployment);
}
