import { ConfigurationError } from '@sluice/core';
import { expect, test } from 'vitest';
import { store } from './store-package.ts';

test.each<[string, object, string[]]>([
  ['no address', {}, ['url']],
  ['two addresses', { url: 'redis://127.0.0.1', cluster: ['redis://127.0.0.1'] }, ['cluster']],
  ['sentinels without a master', { sentinels: [{ host: '127.0.0.1', port: 1 }] }, ['master']],
  ['a misspelt option, and one of the wrong kind', { url: 'redis://127.0.0.1', timeoutMS: 5, leaseMs: '5' }, ['timeoutMS', 'leaseMs']],
  ['sentinels that are none', { sentinels: ['127.0.0.1:1'], master: 'm' }, ['sentinels']],
])('all that is wrong is told at once: %s', (_, options, places) => {
  try {
    store.create(options as never);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).problems.map(({ place }) => place)).toEqual(places);
  }
});

test('right options make a store', async () => {
  await store.create({ url: 'redis://127.0.0.1:1', timeoutMs: 50, prefix: 'p' }).close?.();
});
