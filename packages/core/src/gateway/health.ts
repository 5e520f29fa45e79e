import { GatewayError } from '../errors/gateway-error.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { Provider, WireRequest } from '../provider/provider.ts';
import { providerOf } from '../provider/provider-of.ts';
import type { Transport } from '../provider/transport.ts';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import type { JsonObject } from '../types/json.ts';
import type { Deployment } from '../types/model.ts';
import { VERSION } from './version.ts';

export type HealthOptions = {
  readonly models: ModelRegistry;
  readonly providers: readonly Provider[];
  readonly transport: Transport;
  /** Longest wait for one deployment, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
};

type Endpoint = { readonly model: string; readonly deployment: string; readonly provider: string; readonly api_base?: string };
type Probed = Endpoint & ({ readonly status: 'healthy'; readonly latency_ms: number } | { readonly status: 'unhealthy'; readonly error: string });

/**
 * Asks every deployment at once whether it can be reached, by a request that costs nothing. Calls that come
 * while one is under way share its findings, so that asking often does not become a load.
 */
export function healthCheck({ models, providers, transport, timeoutMs = 5_000 }: HealthOptions): () => Promise<JsonObject> {
  const find = providerOf(providers);
  const startedAt = performance.now();
  let underWay: Promise<JsonObject> | undefined;

  async function check(): Promise<JsonObject> {
    const probed = await Promise.all(models.groups.flatMap((group) => group.deployments.map((deployment) => probe(group.name, deployment))));
    const healthy = probed.filter(({ status }) => status === 'healthy');
    const unhealthy = probed.filter(({ status }) => status === 'unhealthy');
    return {
      status: unhealthy.length === 0 ? 'healthy' : healthy.length === 0 ? 'unhealthy' : 'degraded',
      healthy_endpoints: healthy,
      unhealthy_endpoints: unhealthy,
      healthy_count: healthy.length,
      unhealthy_count: unhealthy.length,
      version: VERSION,
      uptime: toUptime(performance.now() - startedAt),
    };
  }

  async function probe(model: string, deployment: Deployment): Promise<Probed> {
    const endpoint: Endpoint = { model, deployment: deployment.id, provider: deployment.provider, ...origin(deployment.baseUrl) };
    const sentAt = performance.now();
    try {
      await reach(find(deployment), deployment);
      return { ...endpoint, status: 'healthy', latency_ms: Math.round(performance.now() - sentAt) };
    } catch (error) {
      return { ...endpoint, status: 'unhealthy', error: GatewayError.from(error).message };
    }
  }

  async function reach(provider: Provider | undefined, deployment: Deployment): Promise<void> {
    if (!provider) throw new GatewayError('configuration_invalid', `No provider is named '${deployment.provider}'`);
    const asked = provider.probe ? provider.probe(deployment) : knock(provider, deployment);
    // What is not behind a network is as well as this process.
    if (!asked) return;
    const wire = provider.probe && provider.sign ? await provider.sign(asked, deployment) : asked;
    const controller = new LazyAbortController();
    const timer = setTimeout(() => controller.abort(), timeoutMs);
    try {
      const limits = { timeoutMs, idleTimeoutMs: timeoutMs };
      const { status, body } = await (provider.send?.(wire, { ...limits, signal: controller.signal }) ?? transport.send(wire, { ...limits, controller }));
      await body.return?.();
      // The address of an API answers as it likes; a request made for the purpose has to be welcome.
      if (provider.probe && isTrouble(status)) throw new GatewayError('upstream_error', `The provider answered its probe with status ${status}`);
    } catch (error) {
      throw controller.isAborted ? new GatewayError('upstream_timeout', `No answer within ${timeoutMs} ms`) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  return () => (underWay ??= check().finally(() => (underWay = undefined)));
}

function knock(provider: Provider, { baseUrl }: Deployment): WireRequest | undefined {
  return provider.send || baseUrl === undefined ? undefined : { url: baseUrl, method: 'GET', headers: {} };
}

/** Not every provider has what a probe asks for, and says so (404, 405); the credential and the provider are well then. */
function isTrouble(status: number): boolean {
  return status >= 500 || status === 401 || status === 403 || status === 429;
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
