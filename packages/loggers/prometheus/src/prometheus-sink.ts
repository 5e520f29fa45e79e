import { type CallRecord, defineSink, type Sink } from '@sluice/core';
import { deploymentMetrics } from './deployment-metrics.ts';
import { earlyMetrics } from './early-metrics.ts';
import { factsOf } from './facts.ts';
import { litellmMetrics } from './litellm-metrics.ts';
import { Registry } from './registry.ts';
import { sluiceMetrics } from './sluice-metrics.ts';

export type PrometheusSinkOptions = {
  /** Whether calls are counted by LiteLLM's names as well. Default true. */
  readonly litellmNames?: boolean;
  /** Series of one metric at most; what more there would be is counted together under `other`. Default 1000. */
  readonly maxSeries?: number;
  /** The sink's name in reports of lost records. Default `prometheus`. */
  readonly name?: string;
};

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Asked by machines, and often: they would be most of what is counted. */
const UNCOUNTED: ReadonlySet<CallRecord['operation']> = new Set(['metrics', 'health']);

/**
 * Counts calls for Prometheus, which asks for the figures at the gateway's `/metrics`.
 *
 * @example
 * createGateway({ sinks: [prometheusSink()] });
 */
export function prometheusSink({ litellmNames = true, maxSeries = 1000, name = 'prometheus' }: PrometheusSinkOptions = {}): Sink {
  const registry = new Registry(maxSeries);
  const meters = [sluiceMetrics(registry), ...(litellmNames ? [litellmMetrics(registry), deploymentMetrics(registry), earlyMetrics(registry)] : [])];

  return defineSink({
    name,
    write(records) {
      for (const record of records) {
        if (UNCOUNTED.has(record.operation)) continue;
        const facts = factsOf(record);
        for (const meter of meters) meter.call(facts);
      }
    },
    tryFailed(failure) {
      for (const meter of meters) meter.tryFailed?.(failure);
    },
    outage(outage) {
      for (const meter of meters) meter.outage?.(outage);
    },
    budgetAlert(alert) {
      for (const meter of meters) meter.budgetAlert?.(alert);
    },
    metrics: () => ({ contentType: CONTENT_TYPE, text: registry.page() }),
  });
}
