import { GatewayError, type JsonObject, redactKeys } from '@sluice/core';

export type ProxyHealth = { readonly isHealthy: boolean; readonly latencyMs: number; readonly reason?: string };

export type ModelHealth = {
  readonly healthy: readonly string[];
  readonly unhealthy: readonly { readonly model: string; readonly reason: string }[];
};

/** Never throws: that the proxy cannot be reached is the answer. */
export async function readHealth(ask: () => Promise<JsonObject>): Promise<ProxyHealth> {
  const askedAt = performance.now();
  const latency = (): number => Math.round(performance.now() - askedAt);
  try {
    const { status } = await ask();
    if (status === 'healthy' || status === 'connected') return { isHealthy: true, latencyMs: latency() };
    return { isHealthy: false, latencyMs: latency(), reason: `The proxy says that it is '${String(status)}'` };
  } catch (error) {
    return { isHealthy: false, latencyMs: latency(), reason: GatewayError.from(error).message };
  }
}

/** What `/health` answers. Its errors are stack traces, of which the first line says what is wrong. */
export function toModelHealth({ healthy_endpoints: healthy, unhealthy_endpoints: unhealthy }: JsonObject): ModelHealth {
  return {
    healthy: listOf(healthy).map(({ model }) => String(model)),
    unhealthy: listOf(unhealthy).map(({ model, error }) => ({ model: String(model), reason: redactKeys(String(error).split('\n')[0] ?? '') })),
  };
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonObject[]) : [];
}
