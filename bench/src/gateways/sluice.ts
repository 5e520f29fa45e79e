import { createServer, type Server } from 'node:http';
import { createGateway, type Gateway, type GatewayOptions, type ModelGroup } from '@sluice/core';
import { serve } from '@sluice/core/node';
import { BENCH_KEY, MODELS } from '../requests.ts';
import { plainProvider, translatingProvider } from './providers.ts';

const ENOUGH = 1_000_000_000;

/** Every hook on, every limit far away, one fallback armed, and a sink that throws the records away. */
export function sluiceOptions(upstream: string): GatewayOptions {
  const baseUrl = `${upstream}/v1`;
  const limits = { requestsPerMinute: ENOUGH, tokensPerMinute: ENOUGH * 1000, parallelCalls: ENOUGH };
  return {
    providers: [plainProvider],
    models: MODELS.map((name) => modelGroup(name, baseUrl)),
    masterKey: 'sk-bench-master-key',
    keys: [{ id: 'bench', key: BENCH_KEY, models: ['*'], userId: 'somebody', teamId: 'some-team' }],
    limits: { perKey: limits, gateway: limits },
    budget: { perKeyNanoUsd: Number.MAX_SAFE_INTEGER, gatewayNanoUsd: Number.MAX_SAFE_INTEGER },
    sinks: [{ name: 'discard', write: () => undefined }],
  };
}

/** Models named `same-…` keep their name upstream, so that the caller's bytes can go out as they came. */
function modelGroup(name: string, baseUrl: string): ModelGroup {
  const model = name.startsWith('same-') ? name : `upstream${name.slice(name.indexOf('-'))}`;
  const deployment = { provider: plainProvider.name, model, baseUrl, price: { input: 150_000_000, output: 600_000_000 } };
  return {
    name,
    deployments: [
      { ...deployment, id: `${name}-a`, weight: 3 },
      { ...deployment, id: `${name}-b` },
    ],
    fallbacks: [MODELS[0]],
  };
}

export function translating(options: GatewayOptions): GatewayOptions {
  return { ...options, providers: [translatingProvider] };
}

export function nodeServer(gateway: Gateway): Server {
  return createServer((req, res) => {
    const served = serve(gateway.handle, req, res, {});
    if (served) return;
    res.writeHead(404).end();
  });
}

export function sluiceNode(options: GatewayOptions): { gateway: Gateway; server: Server } {
  const gateway = createGateway(options);
  return { gateway, server: nodeServer(gateway) };
}
