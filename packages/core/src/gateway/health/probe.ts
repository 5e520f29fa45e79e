import { GatewayError } from '../../errors/gateway-error.ts';
import type { Provider, WireRequest } from '../../provider/provider.ts';
import { providerOf } from '../../provider/provider-of.ts';
import type { Transport } from '../../provider/transport.ts';
import { LazyAbortController } from '../../stream/lazy-abort-controller.ts';
import type { Deployment } from '../../types/model.ts';

export type ProbeOptions = { readonly providers: readonly Provider[]; readonly transport: Transport };

/** Asks a deployment whether it can be reached and takes its credential, at no cost. @throws GatewayError when not */
export type Probe = (deployment: Deployment, timeoutMs: number) => Promise<void>;

export function prober({ providers, transport }: ProbeOptions): Probe {
  const find = providerOf(providers);

  return async (deployment, timeoutMs) => {
    const provider = find(deployment);
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
      if (provider.probe) requireWelcome(status);
    } catch (error) {
      throw controller.isAborted ? new GatewayError('upstream_timeout', `No answer within ${timeoutMs} ms`, { retryable: true }) : error;
    } finally {
      clearTimeout(timer);
    }
  };
}

function knock(provider: Provider, { baseUrl }: Deployment): WireRequest | undefined {
  return provider.send || baseUrl === undefined ? undefined : { url: baseUrl, method: 'GET', headers: {} };
}

/** Not every provider has what a probe asks for, and says so (404, 405); the credential and the provider are well then. */
function requireWelcome(status: number): void {
  const code =
    status >= 500 ? 'upstream_overloaded' : status === 401 || status === 403 ? 'upstream_authentication' : status === 429 ? 'upstream_rate_limited' : undefined;
  if (code) throw new GatewayError(code, `The provider answered its probe with status ${status}`, { retryable: code !== 'upstream_authentication' });
}
