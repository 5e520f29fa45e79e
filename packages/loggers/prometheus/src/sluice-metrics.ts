import type { BudgetAlert, Outage, TryFailure } from '@sluice/core';
import { BOUNDS, OVERHEAD_BOUNDS } from './buckets.ts';
import type { Facts } from './facts.ts';
import type { Registry } from './registry.ts';

/** What listens to the events of a gateway. */
export type Meters = {
  call(facts: Facts): void;
  tryFailed?(failure: TryFailure): void;
  outage?(outage: Outage): void;
  budgetAlert?(alert: BudgetAlert): void;
};

/** Sluice's own metrics: few labels, none of them a caller's words. */
export function sluiceMetrics(registry: Registry): Meters {
  const calls = registry.counter('sluice_calls_total', 'Calls that have ended', ['operation', 'model', 'provider', 'status', 'code']);
  const duration = registry.histogram('sluice_call_duration_seconds', 'From arrival to the last byte', ['operation', 'model'], BOUNDS);
  const firstByte = registry.histogram('sluice_first_byte_seconds', 'From arrival to the first byte of a stream', ['model'], BOUNDS);
  const overhead = registry.histogram('sluice_overhead_seconds', 'Of whole answers, what is not waiting for upstreams', ['operation'], OVERHEAD_BOUNDS);
  const tokens = registry.counter('sluice_tokens_total', 'Tokens', ['model', 'provider', 'kind']);
  const cost = registry.counter('sluice_cost_usd_total', 'What calls have cost, in dollars', ['model', 'provider', 'team']);
  const retries = registry.counter('sluice_retries_total', 'Further tries within a model', ['model']);
  const fallbacks = registry.counter('sluice_fallbacks_total', 'Times that a call went on to another model', ['model']);
  const failures = registry.counter('sluice_deployment_failures_total', 'Tries that failed for the deployment', ['deployment', 'provider', 'code']);
  const rests = registry.counter('sluice_deployment_rests_total', 'Times that a deployment was passed over for a while', ['deployment', 'provider']);
  const outages = registry.gauge('sluice_outage', '1 while every deployment of a model or a provider fails', ['kind', 'name']);
  const alerts = registry.counter('sluice_budget_alerts_total', 'Budgets that came to one of their marks', ['kind', 'owner']);

  return {
    call({ record, model, durationS, overheadS, usd, inputTokens, outputTokens }) {
      const { operation, provider = '', status, code = '', isStream, firstByteMs } = record;
      calls.add([operation, model, provider, status, code]);
      duration.observe([operation, model], durationS);
      if (isStream && firstByteMs !== undefined) firstByte.observe([model], firstByteMs / 1000);
      if (!isStream) overhead.observe([operation], overheadS);
      if (inputTokens > 0) tokens.add([model, provider, 'input'], inputTokens);
      if (outputTokens > 0) tokens.add([model, provider, 'output'], outputTokens);
      if (usd > 0) cost.add([model, provider, record.teamId ?? ''], usd);
      if (record.retries > 0) retries.add([model], record.retries);
      if (record.fallbacks > 0) fallbacks.add([model], record.fallbacks);
    },
    tryFailed({ deployment: { id, provider }, code, restsMs }) {
      failures.add([id, provider, code]);
      if (restsMs !== undefined) rests.add([id, provider]);
    },
    outage: ({ kind, name, status }) => outages.set([kind, name], status === 'down' ? 1 : 0),
    budgetAlert: ({ kind, owner }) => alerts.add([kind, owner.kind]),
  };
}
