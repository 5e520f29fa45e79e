import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { secret } from '../models/secret.ts';
import type { Provider } from '../provider/provider.ts';
import type { ModelGroup } from '../types/model-group.ts';
import { createGateway, type Gateway } from './create-gateway.ts';

const ADMIN = { headers: { authorization: 'Bearer sk-master' } };
const closing: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('probes of the platform', () => {
  it('are answered to anybody, by GET and HEAD, with and without /v1', async () => {
    const gateway = open([]);
    for (const path of ['/health/liveness', '/health/liveliness', '/v1/health/liveness', '/health/readiness']) {
      const response = await gateway.fetch(`http://sluice${path}`);
      expect([path, response.status]).toEqual([path, 200]);
      expect(await response.json()).toMatchObject({ status: path.endsWith('readiness') ? 'ready' : 'alive', version: expect.any(String) });
    }
    expect((await gateway.fetch('http://sluice/health/liveness', { method: 'HEAD' })).status).toBe(200);
  });

  it('say that a closing gateway is alive but takes no calls', async () => {
    const gateway = open([]);
    await gateway.close();
    expect((await gateway.fetch('http://sluice/health/readiness')).status).toBe(503);
    expect((await gateway.fetch('http://sluice/health/liveness')).status).toBe(200);
  });
});

describe('GET /health', () => {
  it('is for administrators', async () => {
    const gateway = open([]);
    expect((await gateway.fetch('http://sluice/health')).status).toBe(401);
    expect((await gateway.fetch('http://sluice/health', { headers: { authorization: 'Bearer sk-user' } })).status).toBe(403);
    expect((await gateway.fetch('http://sluice/health', ADMIN)).status).toBe(200);
  });

  it('tells who can be reached and who cannot, and gives no secret away', async () => {
    const hits: string[] = [];
    const url = await serve((path, authorization) => {
      hits.push(path);
      return authorization === 'Bearer good' ? 200 : 401;
    });
    const credentialed = `${url.replace('//', '//user:hunter2@')}/v1?key=hunter2`;
    const gateway = open([
      { name: 'good', deployments: [{ id: 'g', provider: 'probing', model: 'g', baseUrl: url, apiKey: secret('good') }] },
      { name: 'bad-key', deployments: [{ id: 'b', provider: 'probing', model: 'b', baseUrl: url, apiKey: secret('hunter2') }] },
      { name: 'plain', deployments: [{ id: 'p', provider: 'plain', model: 'p', baseUrl: `${url}/v1?key=hunter2` }] },
      { name: 'shown', deployments: [{ id: 's', provider: 'inside', model: 's', baseUrl: credentialed }] },
      { name: 'dead', deployments: [{ id: 'd', provider: 'plain', model: 'd', baseUrl: 'http://127.0.0.1:1' }] },
    ]);
    const response = await gateway.fetch('http://sluice/health', ADMIN);
    const text = await response.text();
    expect(text).not.toContain('hunter2');
    expect(JSON.parse(text)).toMatchObject({
      status: 'degraded',
      healthy_endpoints: [
        { model: 'good', status: 'healthy', latency_ms: expect.any(Number), api_base: url },
        { model: 'plain', status: 'healthy', api_base: url },
        { model: 'shown', status: 'healthy', api_base: url },
      ],
      unhealthy_endpoints: [
        { model: 'bad-key', status: 'unhealthy', error: 'The provider answered its probe with status 401' },
        { model: 'dead', error: 'The connection to the provider failed' },
      ],
      healthy_count: 3,
      unhealthy_count: 2,
      version: expect.any(String),
      uptime: '0h 0m 0s',
    });
    expect(hits.sort()).toEqual(['/models', '/models', '/v1?key=hunter2']);
  });

  it('asks with what a provider signs', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((_, authorization) => {
      seen.push(authorization);
      return 200;
    });
    const gateway = open([{ name: 'm', deployments: [{ id: 'm', provider: 'signing', model: 'm', baseUrl: url }] }]);
    await gateway.fetch('http://sluice/health', ADMIN);
    expect(seen).toEqual(['Bearer fetched']);
  });

  it('asks once for all who ask at the same time', async () => {
    let hits = 0;
    const url = await serve(() => {
      hits += 1;
      return 200;
    });
    const gateway = open([{ name: 'm', deployments: [{ id: 'm', provider: 'probing', model: 'm', baseUrl: url, apiKey: secret('good') }] }]);
    await Promise.all(Array.from({ length: 20 }, () => gateway.fetch('http://sluice/health', ADMIN)));
    expect(hits).toBe(1);
    await gateway.fetch('http://sluice/health', ADMIN);
    expect(hits).toBe(2);
  });
});

const PROVIDERS: readonly Provider[] = [
  {
    name: 'signing',
    operations: {},
    sign: (wire) => Promise.resolve({ ...wire, headers: { ...wire.headers, authorization: 'Bearer fetched' } }),
    probe: ({ baseUrl }) => ({ url: `${baseUrl}/models`, method: 'GET', headers: {} }),
  },
  { name: 'plain', operations: {} },
  { name: 'inside', operations: {}, send: () => Promise.reject(new GatewayError('internal', 'not to be called')), probe: () => undefined },
  {
    name: 'probing',
    operations: {},
    probe: ({ baseUrl, apiKey }) => ({ url: `${baseUrl}/models`, method: 'GET', headers: { authorization: `Bearer ${apiKey?.reveal()}` } }),
  },
];

function open(models: readonly ModelGroup[]): Gateway {
  const gateway = createGateway({ masterKey: 'sk-master', keys: [{ id: 'user', key: 'sk-user' }], providers: PROVIDERS, models });
  closing.push(() => gateway.close());
  return gateway;
}

async function serve(answer: (path: string, authorization: string | undefined) => number): Promise<string> {
  const server: Server = createServer((req, res) => {
    res.statusCode = answer(req.url ?? '', req.headers.authorization);
    res.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  closing.push(() => server.closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
