import type { JsonObject } from '../../types/json.ts';
import type { Deployment } from '../../types/model.ts';
import { VERSION } from '../version.ts';
import type { Checked } from './health-checks.ts';

/** One deployment under the name of a model, and what is known of it. */
export type Endpoint = { readonly model: string; readonly deployment: Deployment; readonly checked: Checked };

export type ReportOptions = {
  /** Whether addresses, providers and reasons are told. */
  readonly hasDetails: boolean;
  readonly uptimeMs: number;
};

/** The answer to `/health`, in LiteLLM's form. */
export function healthReport(endpoints: readonly Endpoint[], { hasDetails, uptimeMs }: ReportOptions): JsonObject {
  const told = endpoints.map((endpoint) => toEndpoint(endpoint, hasDetails));
  const healthy = told.filter(({ status }) => status === 'healthy');
  const unhealthy = told.filter(({ status }) => status === 'unhealthy');
  return {
    status: unhealthy.length === 0 ? 'healthy' : healthy.length === 0 ? 'unhealthy' : 'degraded',
    healthy_endpoints: healthy,
    unhealthy_endpoints: unhealthy,
    healthy_count: healthy.length,
    unhealthy_count: unhealthy.length,
    version: VERSION,
    uptime: toUptime(uptimeMs),
  };
}

function toEndpoint({ model, deployment, checked }: Endpoint, hasDetails: boolean): JsonObject & { readonly status: 'healthy' | 'unhealthy' } {
  const { latencyMs, error } = checked;
  return {
    model,
    ...(hasDetails && { deployment: deployment.id, provider: deployment.provider, ...origin(deployment.baseUrl) }),
    ...(error ? { status: 'unhealthy', ...(hasDetails && { error: error.message, code: error.code }) } : { status: 'healthy' }),
    latency_ms: latencyMs,
  };
}

/** Only the origin: the rest of an address may hold a credential. */
function origin(baseUrl: string | undefined): { readonly api_base?: string } {
  return baseUrl !== undefined && URL.canParse(baseUrl) ? { api_base: new URL(baseUrl).origin } : {};
}

/** `2h 15m 30s` */
function toUptime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 3600)}h ${Math.floor(seconds / 60) % 60}m ${seconds % 60}s`;
}
