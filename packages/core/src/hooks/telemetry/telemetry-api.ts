import { createRequire } from 'node:module';

export type TelemetryApi = typeof import('@opentelemetry/api');

/** Optional: a host without OpenTelemetry need not have it. Loaded at once, so that no call has to wait for it. */
export function loadTelemetryApi(): TelemetryApi | undefined {
  try {
    return createRequire(import.meta.url)('@opentelemetry/api') as TelemetryApi;
  } catch {
    return undefined;
  }
}
