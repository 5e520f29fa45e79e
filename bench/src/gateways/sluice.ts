import { createServer, type RequestListener, type Server } from 'node:http';
import { createGateway, type Gateway, type GatewayOptions, type ModelGroup } from '@sluice/core';
import { serve } from '@sluice/core/node';
import { gateway as expressGateway } from '@sluice/express-adapter';
import { gateway as koaGateway } from '@sluice/koa-adapter';
import express from 'express';
import Koa from 'koa';
import { BENCH_KEY, MODELS } from '../requests.ts';
import { plainProvider, PROVIDER, translatingProvider } from './providers.ts';

export type Started = { readonly server: Server; readonly gateway?: Gateway };

const ENOUGH = 1_000_000_000;

/** Every hook on, every limit far away, one fallback armed, and a sink that throws the records away. */
export function sluiceOptions(upstream: string): GatewayOptions {
  const limits = { requestsPerMinute: ENOUGH, tokensPerMinute: ENOUGH * 1000, parallelCalls: ENOUGH };
  const allowance = { limits, budgetNanoUsd: Number.MAX_SAFE_INTEGER };
  return {
    providers: [plainProvider(`${upstream}/v1`)],
    models: MODELS.map(modelGroup),
    masterKey: 'sk-bench-master-0123456789abcdef',
    keys: [{ id: 'bench', key: BENCH_KEY, models: ['*'], userId: 'somebody', teamId: 'some-team' }],
    allowance: { perKey: allowance, gateway: allowance },
    sinks: [{ name: 'discard', write: () => undefined }],
  };
}

/** Models named `same-…` keep their name upstream, so that the caller's bytes can go out as they came. */
function modelGroup(name: string): ModelGroup {
  const model = name.startsWith('same-') ? name : `upstream${name.slice(name.indexOf('-'))}`;
  const deployment = { provider: PROVIDER, model, price: { input: 150_000_000, output: 600_000_000 } };
  return {
    name,
    deployments: [
      { ...deployment, id: `${name}-a`, weight: 3 },
      { ...deployment, id: `${name}-b` },
    ],
    ...(name !== MODELS[0] && { fallbacks: [MODELS[0]] }),
  };
}

export function translating(upstream: string): GatewayOptions {
  return { ...sluiceOptions(upstream), providers: [translatingProvider(`${upstream}/v1`)] };
}

export function sluiceNode(options: GatewayOptions): Started {
  const gateway = createGateway(options);
  return { gateway, server: createServer((req, res) => void serve(gateway.handle, req, res, { strict: true })) };
}

export function sluiceExpress(options: GatewayOptions): Started {
  const gateway = expressGateway(options);
  const app = express();
  app.use('/ai', gateway);
  return { gateway, server: createServer(app as RequestListener) };
}

/** In front of Express, which costs three times a bare server on Node 20. */
export function sluiceNative(options: GatewayOptions): Started {
  const gateway = expressGateway(options);
  return { gateway, server: createServer(gateway.handler(express() as RequestListener, { path: '/ai' })) };
}

export function sluiceKoa(options: GatewayOptions): Started {
  const gateway = koaGateway({ ...options, prefix: '/ai' });
  const app = new Koa();
  app.use(gateway);
  return { gateway, server: createServer(app.callback() as RequestListener) };
}
