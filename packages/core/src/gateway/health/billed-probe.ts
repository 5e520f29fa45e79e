import { GatewayError } from '../../errors/gateway-error.ts';
import { RESERVED_KEY_IDS } from '../../keys/key-ring.ts';
import type { ModelRegistry } from '../../models/model-registry.ts';
import type { Principal } from '../../types/principal.ts';
import type { Client } from '../client.ts';
import type { Probe } from './probe.ts';

export type BilledProbeOptions = {
  readonly models: ModelRegistry;
  readonly client: () => Client;
  /** For deployments that cannot be called by name, or do not chat. */
  readonly otherwise: Probe;
};

/** Whom these calls are made for, in records and budgets. */
const HEALTH: Principal = { keyId: RESERVED_KEY_IDS.health, isAdmin: true };

/** The shortest chat with a deployment, as a call like any other: it is recorded, it costs, and the router learns of it. */
export function billedProbe({ models, client, otherwise }: BilledProbeOptions): Probe {
  return async (deployment, timeoutMs) => {
    const { model = deployment.id, maxTokens = 5 } = deployment.healthCheck || {};
    const called = models.resolve(model)?.deployments ?? [];
    // What a wildcard makes of a deployment keeps its id.
    if (called.length !== 1 || called[0]?.id !== deployment.id) return otherwise(deployment, timeoutMs);
    const request = { model, messages: [{ role: 'user' as const, content: 'Hi' }], max_tokens: maxTokens, num_retries: 0, disable_fallbacks: true };
    try {
      await client().chat.completions.create(request, { principal: HEALTH, signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      if (GatewayError.is(error) && error.code === 'unsupported_operation') return otherwise(deployment, timeoutMs);
      throw GatewayError.is(error) && error.code === 'aborted'
        ? new GatewayError('upstream_timeout', `No answer within ${timeoutMs} ms`, { retryable: true })
        : error;
    }
  };
}
