import { afterEach, describe, expect, test } from 'vitest';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import { defineHook } from '../pipeline/hook.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { CallRecord } from '../types/record.ts';
import { createGateway, type Gateway } from './create-gateway.ts';
import type { GatewayOptions } from './options.ts';

const MASTER = 'sk-a-long-master-key-for-tests';
const KEY = 'sk-a-long-key-of-somebody';
const gateways: Gateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

function open(options: Partial<GatewayOptions>): Gateway {
  const answer = defineHook({ name: 'answer', phase: 'cache', handle: () => ({ kind: 'complete', body: LazyJson.ofValue({ choices: [] }) }) });
  const gateway = createGateway({ masterKey: MASTER, keys: [{ id: 'k', key: KEY }], hooks: [answer], ...options });
  gateways.push(gateway);
  return gateway;
}

type Asked = {
  readonly path?: string;
  readonly method?: string;
  readonly key?: string;
  readonly address?: string;
  readonly body?: object;
  readonly headers?: Record<string, string>;
};

async function ask(gateway: Gateway, { path = '/chat/completions', method = 'POST', key = KEY, address = '203.0.113.9', body, headers = {} }: Asked) {
  const reply = await gateway.handle({
    method,
    path,
    query: '',
    headers: { 'content-type': 'application/json', ...(key === '' ? {} : { authorization: `Bearer ${key}` }), ...headers },
    body: () => ({ kind: 'bytes', bytes: Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }], ...body })) }),
    controller: new LazyAbortController(),
    clientAddress: address,
  });
  const text = typeof reply?.body === 'string' ? (JSON.parse(reply.body) as { error?: { code?: string } }) : undefined;
  return `${reply?.status} ${text?.error?.code ?? ''}`.trim();
}

describe('what is asked of calls besides a key', () => {
  test('where they come from, before who they are', async () => {
    const gateway = open({ access: { allowFrom: ['10.0.0.0/8'] } });
    expect(await ask(gateway, { address: '10.1.1.1' })).toBe('200');
    expect(await ask(gateway, { address: '::ffff:10.1.1.1' })).toBe('200');
    expect(await ask(gateway, { address: '203.0.113.9', key: 'sk-unknown' })).toBe('403 address_not_allowed');
    expect(await ask(gateway, { address: '203.0.113.9', key: MASTER, path: '/models', method: 'GET' })).toBe('403 address_not_allowed');
    await expect(
      gateway.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'x' }] }, { principal: { keyId: 'host' } }),
    ).resolves.toBeDefined();
  });

  test('routes without a key, and all others with one', async () => {
    const gateway = open({ access: { publicRoutes: ['/models'] } });
    expect(await ask(gateway, { path: '/v1/models', method: 'GET', key: '' })).toBe('200');
    expect(await ask(gateway, { path: '/v1/models', method: 'GET', key: 'sk-unknown' })).toBe('401 invalid_credentials');
    expect(await ask(gateway, { key: '' })).toBe('401 missing_credentials');
  });

  test('routes for administrators, with all below them', async () => {
    const gateway = open({ access: { adminRoutes: ['/models', '/embeddings'] } });
    expect(await ask(gateway, { path: '/models/m', method: 'GET' })).toBe('403 admin_required');
    expect(await ask(gateway, { path: '/models/m', method: 'GET', key: MASTER })).toBe('404 model_not_found');
    expect(await ask(gateway, {})).toBe('200');
  });

  test('the only routes there are', async () => {
    const gateway = open({ access: { allowedRoutes: ['/chat/completions'] } });
    expect(await ask(gateway, {})).toBe('200');
    expect(await ask(gateway, { path: '/models', method: 'GET' })).toBe('403 route_not_allowed');
  });

  test('fields', async () => {
    const gateway = open({ access: { enforcedParams: ['metadata.team_id'] } });
    expect(await ask(gateway, {})).toBe('400 parameter_required');
    expect(await ask(gateway, { body: { metadata: { team_id: 't' } } })).toBe('200');
  });

  test('end users have an allowance each, and are in the records with their tags', async () => {
    const records: CallRecord[] = [];
    const gateway = open({
      access: { endUserHeaders: ['x-customer'] },
      allowance: { perEndUser: { limits: { requestsPerMinute: 1 } } },
      sinks: [{ name: 'kept', write: (batch) => void records.push(...batch) }],
    });
    const asks = ['a', 'a', 'b'].map((customer) => ask(gateway, { headers: { 'x-customer': customer, 'x-litellm-tags': 'blue' } }));
    expect(await Promise.all(asks)).toEqual(['200', '429 rate_limited', '200']);
    await gateway.close();
    expect(records.map(({ endUserId, tags, status }) => [endUserId, tags, status]).sort()).toEqual([
      ['a', ['blue'], 'ok'],
      ['a', ['blue'], 'refused'],
      ['b', ['blue'], 'ok'],
    ]);
  });
});

test('what is wrong with the lists is told all at once', () => {
  const wrong = {
    access: {
      allowFrom: ['10.0.0.0/64'],
      denyFrom: 'localhost',
      publicRoutes: ['/modells'],
      enforcedParams: ['metadata..team'],
      endUserHeaders: ['x customer'],
      allowFrm: [],
    },
    allowance: { perEndUser: { budgetNanoUsd: 1 } },
  } as unknown as GatewayOptions;
  expect(() => createGateway(wrong)).toThrow(ConfigurationError);
  let message = '';
  try {
    createGateway(wrong);
  } catch (error) {
    ({ message } = error as Error);
  }
  for (const part of [
    'access.allowFrm: is not an option.',
    'access.allowFrom[0]: "10.0.0.0/64" is no address or network',
    'access.denyFrom: is not a list',
    'access.publicRoutes[0]: "/modells" is no route of the gateway\'s.',
    'access.enforcedParams[0]: "metadata..team" is no path of a field',
    'access.endUserHeaders[0]: "x customer" is no name of a header',
    'allowance.perEndUser.budgetWindow: is missing',
  ])
    expect(message).toContain(part);
});
