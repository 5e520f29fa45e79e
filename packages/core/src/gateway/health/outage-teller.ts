import { loadTelemetryApi } from '../../hooks/telemetry/telemetry-api.ts';
import type { Outage } from '../../types/outage.ts';
import type { Sink } from '../../types/record.ts';

export type TellerOptions = { readonly sinks: readonly Sink[]; readonly onError: (error: unknown) => void };

/** Every deployment of a model or a provider fails. For `onError`, once an outage. */
export class OutageError extends Error {
  readonly outage: Outage;

  constructor(outage: Outage) {
    const reasons = Object.entries(outage.deployments).map(([id, reason]) => `'${id}': ${reason}`);
    super(`Every deployment of the ${outage.kind} '${outage.name}' fails (${reasons.join(', ')})`);
    this.name = 'OutageError';
    this.outage = outage;
  }
}

/** Tells sinks that listen, OpenTelemetry (`sluice.outages`, how many there are), and, that one has begun, `onError`. */
export function outageTeller({ sinks, onError }: TellerOptions): (outage: Outage) => void {
  const count = loadTelemetryApi()
    ?.metrics.getMeter('@sluice/core')
    .createUpDownCounter('sluice.outages', { description: 'Models and providers of which every deployment fails' });

  return (outage) => {
    const isDown = outage.status === 'down';
    count?.add(isDown ? 1 : -1, { 'sluice.outage.kind': outage.kind, 'sluice.outage.name': outage.name });
    if (isDown) onError(new OutageError(outage));
    for (const sink of sinks) void tell(sink, outage).catch(onError);
  };
}

async function tell(sink: Sink, outage: Outage): Promise<void> {
  await sink.outage?.(outage);
}
