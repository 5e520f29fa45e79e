import type { CallRecord } from '@sluice/core';
import { LITELLM_BOUNDS } from './buckets.ts';
import { exceptionClass, type Facts } from './facts.ts';
import type { Registry } from './registry.ts';
import type { Meters } from './sluice-metrics.ts';

/** Whom a call is for. End users are not among them, as there may be any number; a key is named by its id. */
const WHO = ['end_user', 'hashed_api_key', 'api_key_alias', 'team', 'team_alias', 'user'];

function who({ keyId = '', teamId = '', userId = '' }: CallRecord): string[] {
  return ['', keyId, keyId, teamId, teamId, userId];
}

/** What LiteLLM counts of calls, by its names. https://docs.litellm.ai/docs/proxy/prometheus */
export function litellmMetrics(registry: Registry): Meters {
  const spent = spendMetrics(registry);
  const timed = timeMetrics(registry);
  const total = registry.counter('litellm_proxy_total_requests_metric_total', 'Calls', [...WHO, 'requested_model', 'status_code', 'route']);
  const failed = registry.counter('litellm_proxy_failed_requests_metric_total', 'Calls that were refused or failed', [
    ...WHO,
    'requested_model',
    'exception_status',
    'exception_class',
    'route',
  ]);
  const hits = registry.counter('litellm_cache_hits_metric_total', 'Answers from the cache', [...WHO, 'model']);
  const cached = registry.counter('litellm_cached_tokens_metric_total', 'Tokens that providers had in their caches', [...WHO, 'model']);

  return {
    call(facts) {
      const { record, model, status } = facts;
      const by = who(record);
      total.add([...by, model, status, record.operation]);
      if (facts.isFailed) failed.add([...by, model, status, exceptionClass(status), record.operation]);
      if (record.status === 'cache_hit') hits.add([...by, model]);
      if (record.usage?.cachedInputTokens) cached.add([...by, model], record.usage.cachedInputTokens);
      spent(facts, by);
      timed(facts, by);
    },
  };
}

type Count = (facts: Facts, by: readonly string[]) => void;

function spendMetrics(registry: Registry): Count {
  const labels = [...WHO, 'model'];
  const requests = registry.counter('litellm_requests_metric_total', 'Calls that a model has answered', labels);
  const spend = registry.counter('litellm_spend_metric_total', 'Spend in dollars', labels);
  const tokens = registry.counter('litellm_total_tokens_metric_total', 'Tokens', labels);
  const input = registry.counter('litellm_input_tokens_metric_total', 'Tokens of questions', labels);
  const output = registry.counter('litellm_output_tokens_metric_total', 'Tokens of answers', labels);
  return ({ model, isAnswered, usd, inputTokens, outputTokens }, by) => {
    const values = [...by, model];
    if (isAnswered) requests.add(values);
    if (usd > 0) spend.add(values, usd);
    if (inputTokens + outputTokens === 0) return;
    tokens.add(values, inputTokens + outputTokens);
    input.add(values, inputTokens);
    output.add(values, outputTokens);
  };
}

function timeMetrics(registry: Registry): Count {
  const labels = ['hashed_api_key', 'team', 'requested_model', 'model'];
  const total = registry.histogram('litellm_request_total_latency_metric', 'Seconds from arrival to the end', labels, LITELLM_BOUNDS);
  const upstream = registry.histogram('litellm_llm_api_latency_metric', 'Seconds until providers began to answer', labels, LITELLM_BOUNDS);
  const first = registry.histogram('litellm_llm_api_time_to_first_token_metric', 'Seconds to the first piece of a stream', labels, LITELLM_BOUNDS);
  const overhead = registry.histogram(
    'litellm_overhead_latency_metric',
    'Seconds that the gateway itself takes',
    ['model_group', 'api_provider'],
    LITELLM_BOUNDS,
  );
  return ({ record, model, isAnswered, durationS, overheadS }, [, keyId = '', , team = '']) => {
    if (!isAnswered || model === '') return;
    const values = [keyId, team, model, model];
    total.observe(values, durationS);
    if (record.upstreamMs > 0) upstream.observe(values, record.upstreamMs / 1000);
    if (record.isStream && record.firstByteMs !== undefined) first.observe(values, record.firstByteMs / 1000);
    if (!record.isStream) overhead.observe([model, record.provider ?? ''], overheadS);
  };
}
