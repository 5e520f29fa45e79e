import { router } from '../hooks/router.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Hook } from '../pipeline/hook.ts';
import type { GatewayOptions } from './options.ts';

/** The product, assembled from its own plugins: every built-in hook there is, then the caller's. */
export function builtInHooks(options: GatewayOptions, models: ModelRegistry): Hook[] {
  return [router({ models }), ...(options.hooks ?? [])].flat().filter((hook) => hook !== false && hook !== undefined);
}
