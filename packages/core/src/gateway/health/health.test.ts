import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { Identity } from '../../identities/identity.ts';
import { secret } from '../../models/secret.ts';
import type { Mapping, Provider } from '../../provider/provider.ts';
import type { Deployment, DeploymentHealthCheck } from '../../types/model.ts';
import type { ModelGroup } from '../../types/model-group.ts';
import type { Outage } from '../../types/outage.ts';
import { createGateway, type Gateway } from '../create-gateway.ts';
import type { GatewayOptions } from '../options.ts';

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
  it('tells others than administrators of the models they may use, and no details, and asks again only after a while', async () => {
    let hits = 0;
    const url = await serve(() => {
      hits += 1;
      return 401;
    });
    const deployment = (id: string): Deployment => ({ id, provider: 'probing', model: id, baseUrl: url, apiKey: secret('bad') });
    const gateway = open([
      { name: 'mine', deployments: [deployment('m')] },
      { name: 'other', deployments: [deployment('o')] },
    ]);
    const ask = (path: string, key = 'sk-user'): Promise<Response> => gateway.fetch(`http://sluice${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect((await gateway.fetch('http://sluice/health')).status).toBe(401);
    expect(await (await ask('/health')).json()).toMatchObject({
      status: 'unhealthy',
      healthy_endpoints: [],
      unhealthy_endpoints: [{ model: 'mine', status: 'unhealthy', latency_ms: expect.any(Number) }],
      unhealthy_count: 1,
    });
    const [endpoint] = ((await (await ask('/health')).json()) as { readonly unhealthy_endpoints: readonly object[] }).unhealthy_endpoints;
    expect(Object.keys(endpoint ?? {}).sort()).toEqual(['latency_ms', 'model', 'status']);
    expect(hits).toBe(1);
    expect((await ask('/health?model=other')).status).toBe(404);
    expect(await (await ask('/health?model=other', 'sk-master')).json()).toMatchObject({
      unhealthy_endpoints: [{ model: 'other', code: 'upstream_authentication' }],
    });
    expect(hits).toBe(2);
  });

  it('asks again only after a while for administrators who show a session, for a browser brings it for whoever leads it here', async () => {
    let hits = 0;
    const url = await serve(() => ((hits += 1), 200));
    const sessions: Identity = {
      name: 'sessions',
      identify: () => ({ keyId: 'boss', isAdmin: true }),
      cookie: { name: 'session', origin: 'http://sluice' },
    };
    const gateway = open([{ name: 'm', deployments: [{ id: 'm', provider: 'probing', model: 'm', baseUrl: url }] }], { identities: [sessions] });
    for (let count = 0; count < 3; count += 1) {
      const led = { cookie: 'session=boss', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
      expect(await (await gateway.fetch('http://sluice/health', { headers: led })).json()).toMatchObject({ healthy_endpoints: [{ deployment: 'm' }] });
    }
    expect(hits).toBe(1);
    await gateway.fetch('http://sluice/health', ADMIN);
    expect(hits).toBe(2);
  });

  it('feeds the router: what cannot be reached is passed over, and what can be again is not', async () => {
    let gateway: Gateway | undefined;
    const server = createServer((_, res) => res.end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const url = `http://127.0.0.1:${port}`;
    gateway = open([
      {
        name: 'm',
        deployments: [
          { id: 'a', provider: 'chatting', model: 'a', baseUrl: url },
          { id: 'b', provider: 'chatting', model: 'b', baseUrl: await serve(() => 200) },
        ],
      },
    ]);
    const statusOf = async (): Promise<string | undefined> =>
      (await gateway?.explain({ model: 'm', messages: [] }))?.candidates.find(({ deployment }) => deployment === 'a')?.status;
    await gateway.fetch('http://sluice/health', ADMIN);
    expect(await statusOf()).toBe('resting');
    const again = createServer((_, res) => res.end('{}'));
    await new Promise<void>((resolve) => again.listen(port, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => again.close(resolve)));
    closing.push(() => again.closeAllConnections());
    await gateway.fetch('http://sluice/health', ADMIN);
    // On its way back it is asked by chance, and then no longer by chance.
    let seen = await statusOf();
    for (let round = 0; round < 500 && seen === 'resting'; round += 1) seen = await statusOf();
    expect(seen).not.toBe('resting');
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

describe('checks in the background', () => {
  const chat = (gateway: Gateway, model: string): Promise<unknown> =>
    gateway.chat.completions.create({ model, messages: [{ role: 'user', content: 'x' }] }, { principal: { keyId: 'k' } });
  const until = async (isSo: () => boolean): Promise<void> => {
    for (let round = 0; round < 100 && !isSo(); round += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isSo()).toBe(true);
  };

  it('ask at no cost, leave alone what says so, and answer /health from what was found', async () => {
    const hits: string[] = [];
    const url = await serve((path) => {
      hits.push(path);
      return 200;
    });
    const deployment = (id: string, more: Partial<Deployment> = {}): Deployment => ({ id, provider: 'probing', model: id, baseUrl: `${url}/${id}`, ...more });
    const models = [{ name: 'm', deployments: [deployment('a'), deployment('quiet', { healthCheck: false })] }];
    const gateway = open(models, { health: { everyMs: 1000 } });
    await until(() => hits.length >= 2);
    expect(new Set(hits)).toEqual(new Set(['/a/models']));
    const before = hits.length;
    await gateway.fetch('http://sluice/health?model=m', ADMIN);
    expect(hits.length).toBeGreaterThan(before);
    await gateway.close();
    const after = hits.length;
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(hits).toHaveLength(after);
  });

  it('tell once that all of a model and all of a provider is out, and once that it is over', async () => {
    let status = 503;
    const url = await serve(() => status);
    const told: Outage[] = [];
    const errors: unknown[] = [];
    const deployment = (id: string): Deployment => ({ id, provider: 'chatting', model: id, baseUrl: url, cooldownMs: 50 });
    const gateway = open(
      [
        { name: 'one', deployments: [deployment('a')] },
        { name: 'two', deployments: [deployment('b'), { id: 'c', provider: 'inside', model: 'c' }] },
      ],
      {
        sinks: [{ name: 'alerts', write: () => undefined, outage: (outage) => void told.push(outage) }],
        onError: (error) => errors.push(error),
        router: { retries: 0 },
      },
    );
    await chat(gateway, 'a').catch(() => undefined);
    await chat(gateway, 'b').catch(() => undefined);
    await until(() => told.length >= 2);
    expect(told).toMatchObject([
      { kind: 'model', name: 'one', status: 'down', deployments: { a: 'upstream_overloaded' } },
      { kind: 'provider', name: 'chatting', status: 'down', deployments: { a: 'upstream_overloaded', b: 'upstream_overloaded' } },
    ]);
    expect(errors.map(String)).toEqual([
      "OutageError: Every deployment of the model 'one' fails ('a': upstream_overloaded)",
      "OutageError: Every deployment of the provider 'chatting' fails ('a': upstream_overloaded, 'b': upstream_overloaded)",
    ]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(told).toHaveLength(2);
    status = 200;
    await chat(gateway, 'a').catch(() => undefined);
    await until(() => told.length >= 4);
    expect(told.slice(2)).toMatchObject([
      { kind: 'model', name: 'one', status: 'over', lastedMs: expect.any(Number) },
      { kind: 'provider', name: 'chatting', status: 'over' },
    ]);
    expect(errors).toHaveLength(2);
  });

  it('find an outage and its end without a call', async () => {
    let status = 503;
    const url = await serve(() => status);
    const told: Outage[] = [];
    open([{ name: 'm', deployments: [{ id: 'a', provider: 'probing', model: 'a', baseUrl: url }] }], {
      health: { everyMs: 1000 },
      sinks: [{ name: 'alerts', write: () => undefined, outage: (outage) => void told.push(outage) }],
    });
    await until(() => told.length >= 1);
    status = 200;
    await until(() => told.length >= 2);
    expect(told).toMatchObject([
      { kind: 'model', name: 'm', status: 'down', deployments: { a: 'upstream_overloaded' } },
      { kind: 'model', name: 'm', status: 'over' },
    ]);
  });

  it('are paid for when that is asked, as calls that are recorded', async () => {
    const paths: string[] = [];
    const url = await serve((path) => {
      paths.push(path);
      return 200;
    });
    const records: string[] = [];
    const gateway = open([{ name: 'm', deployments: [{ id: 'a', provider: 'chatting', model: 'a', baseUrl: url }] }], {
      health: { isBilled: true },
      sinks: [{ name: 's', write: (all) => void records.push(...all.map(({ keyId, deploymentId }) => `${keyId} ${deploymentId}`)) }],
    });
    expect(await (await gateway.fetch('http://sluice/health', ADMIN)).json()).toMatchObject({ status: 'healthy', unhealthy_endpoints: [] });
    await gateway.close();
    expect([paths, records]).toEqual([['/chat'], ['health a', 'master undefined']]);
  });

  it('behind a wildcard call the name that was given for it, and nobody by a bill where none was', async () => {
    const asked: string[] = [];
    const url = await serve((path) => {
      asked.push(path);
      return 200;
    });
    const wildcard = (name: string, healthCheck?: DeploymentHealthCheck) => ({
      name: `${name}/*`,
      deployments: [{ id: name, provider: 'chatting', model: '*', baseUrl: `${url}/${name}`, ...(healthCheck && { healthCheck }) }],
    });
    const records: string[] = [];
    const gateway = open([wildcard('a', { model: 'a/small', maxTokens: 1 }), wildcard('b')], {
      health: { isBilled: true },
      sinks: [{ name: 's', write: (all) => void records.push(...all.map(({ deploymentId, model }) => `${deploymentId} ${model}`)) }],
    });
    await gateway.fetch('http://sluice/health', ADMIN);
    await gateway.close();
    expect(asked.sort()).toEqual(['/a/chat', '/b']);
    expect(records.filter((record) => !record.startsWith('undefined'))).toEqual(['a a/small']);
    expect(() => open([wildcard('a', { model: 'small' })])).toThrow(/models\[0\]\.deployments\[0\]\.healthCheck\.model: no model is named 'small'/);
  });
});

const CHAT: Mapping = {
  toRequest: ({ deployment }) => ({ url: `${deployment.baseUrl}/chat`, headers: { 'content-type': 'application/json' }, body: '{}' }),
  toError: ({ status }) => new GatewayError('upstream_overloaded', `status ${status}`, { retryable: true }),
};
const PROVIDERS: readonly Provider[] = [
  {
    name: 'signing',
    operations: {},
    sign: (wire) => Promise.resolve({ ...wire, headers: { ...wire.headers, authorization: 'Bearer fetched' } }),
    probe: ({ baseUrl }) => ({ url: `${baseUrl}/models`, method: 'GET', headers: {} }),
  },
  { name: 'plain', operations: {} },
  { name: 'chatting', operations: { chat: CHAT } },
  { name: 'inside', operations: {}, send: () => Promise.reject(new GatewayError('internal', 'not to be called')), probe: () => undefined },
  {
    name: 'probing',
    operations: {},
    probe: ({ baseUrl, apiKey }) => ({ url: `${baseUrl}/models`, method: 'GET', headers: { authorization: `Bearer ${apiKey?.reveal()}` } }),
  },
];

function open(models: readonly ModelGroup[], more: GatewayOptions = {}): Gateway {
  const gateway = createGateway({
    onError: () => undefined,
    ...more,
    masterKey: 'sk-master',
    keys: [{ id: 'user', key: 'sk-user', models: ['mine'] }],
    providers: PROVIDERS,
    models,
  });
  closing.push(() => gateway.close());
  return gateway;
}

async function serve(answer: (path: string, authorization: string | undefined) => number): Promise<string> {
  const server: Server = createServer((req, res) => {
    res.statusCode = answer(req.url ?? '', req.headers.authorization);
    res.setHeader('content-type', 'application/json');
    res.end('{"id":"c","object":"chat.completion","choices":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  closing.push(() => server.closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
