import { faultUpstream, refusedUrl } from '@sluice/testing';
import { expect, it } from 'vitest';
import { group, openGateway } from './support.ts';

it('probes a provider by its list of models, and never by a call', async () => {
  const upstream = await faultUpstream();
  const urls = [
    upstream.urlOf({ kind: 'none' }),
    upstream.urlOf({ kind: 'status', status: 404 }),
    upstream.urlOf({ kind: 'status', status: 401 }),
    upstream.urlOf({ kind: 'status', status: 500 }),
    upstream.urlOf({ kind: 'garbage' }),
    await refusedUrl(),
  ];
  const gateway = openGateway([group('m', urls)], { masterKey: 'sk-master-0123456789abcdef' });
  const response = await gateway.fetch('http://sluice/health', { headers: { authorization: 'Bearer sk-master-0123456789abcdef' } });
  const { healthy_endpoints: healthy, unhealthy_endpoints: unhealthy } = (await response.json()) as Record<string, { deployment: string; error?: string }[]>;
  expect(healthy?.map(({ deployment }) => deployment)).toEqual(['m-0', 'm-1']);
  expect(unhealthy?.map(({ deployment, error }) => [deployment, error])).toEqual([
    ['m-2', 'The provider answered its probe with status 401'],
    ['m-3', 'The provider answered its probe with status 500'],
    ['m-4', expect.any(String)],
    ['m-5', expect.any(String)],
  ]);
  expect(upstream.requests.map(({ method, path }) => [method, path.endsWith('/v1/models')])).toEqual(Array.from({ length: 5 }, () => ['GET', true]));
  await gateway.close();
  await upstream.close();
});
