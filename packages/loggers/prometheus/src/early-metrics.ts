import { LITELLM_BOUNDS } from './buckets.ts';
import type { Registry } from './registry.ts';
import type { Meters } from './sluice-metrics.ts';

/** Names that guides to LiteLLM look for and no version of it has had. */
export function earlyMetrics(registry: Registry): Meters {
  const labels = ['model', 'provider'];
  const requests = registry.counter('litellm_request_total', 'Calls', [...labels, 'status']);
  const latency = registry.histogram('litellm_request_latency', 'Seconds from arrival to the end', labels, LITELLM_BOUNDS);
  const cost = registry.counter('litellm_cost_total', 'Spend in dollars', labels);
  return {
    call({ record: { provider = '' }, model, isFailed, durationS, usd }) {
      requests.add([model, provider, isFailed ? 'failure' : 'success']);
      latency.observe([model, provider], durationS);
      if (usd > 0) cost.add([model, provider], usd);
    },
  };
}
