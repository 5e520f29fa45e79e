import { LITELLM_BOUNDS } from './buckets.ts';
import { exceptionClass, statusOfCode } from './facts.ts';
import type { Registry } from './registry.ts';
import type { Meters } from './sluice-metrics.ts';

const STATE = ['litellm_model_name', 'model_id', 'api_base', 'api_provider'];
const HEALTHY = 0;
const FAILING = 1;
const RESTING = 2;

/** What LiteLLM says of deployments, by its names: how they are, and how calls fared there. */
export function deploymentMetrics(registry: Registry, now: () => number = Date.now): Meters {
  const state = registry.gauge('litellm_deployment_state', '0 healthy, 1 its last try failed, 2 passed over', STATE);
  const cooled = registry.counter('litellm_deployment_cooled_down_total', 'Times that a deployment was passed over', [...STATE, 'exception_status']);
  const success = registry.counter('litellm_deployment_success_responses_total', 'Calls that a deployment has answered', ['requested_model', ...STATE]);
  const failure = registry.counter('litellm_deployment_failure_responses_total', 'Tries that failed', [...STATE, 'exception_status', 'exception_class']);
  const total = registry.counter('litellm_deployment_total_requests_total', 'Tries', STATE);
  const perToken = registry.histogram('litellm_deployment_latency_per_output_token', 'Seconds a token of the answer', STATE, LITELLM_BOUNDS);
  const fellBack = ['requested_model', 'fallback_model'];
  const successful = registry.counter('litellm_deployment_successful_fallbacks_total', 'Calls that another model has answered', fellBack);
  const failed = registry.counter('litellm_deployment_failed_fallbacks_total', 'Calls that no other model could answer either', fellBack);

  return {
    call({ record: { deploymentId, provider = '', model, fallbacks, status }, model: answered, durationS, outputTokens, isAnswered, isFailed }) {
      if (fallbacks > 0 && (isAnswered || isFailed)) (isAnswered ? successful : failed).add([model, answered]);
      if (deploymentId === undefined || !isAnswered || status === 'cache_hit') return;
      const labels = labelsOf(deploymentId, provider);
      total.add(labels);
      success.add([answered, ...labels]);
      if (status === 'ok') state.set(labels, HEALTHY);
      if (outputTokens > 0) perToken.observe(labels, durationS / outputTokens);
    },
    tryFailed({ deployment: { id, provider }, code, restsMs }) {
      const labels = labelsOf(id, provider);
      const status = statusOfCode(code);
      total.add(labels);
      failure.add([...labels, status, exceptionClass(status)]);
      if (restsMs === undefined) return state.set(labels, FAILING);
      cooled.add([...labels, status]);
      const until = now() + restsMs;
      return state.setTo(labels, () => (now() < until ? RESTING : FAILING));
    },
  };
}

/** A deployment is named by its id throughout: records say no more of it, and addresses may hold what nobody is to read. */
function labelsOf(id: string, provider: string): string[] {
  return [id, id, '', provider];
}
