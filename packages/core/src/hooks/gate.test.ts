import { describe, expect, test } from 'vitest';
import { Context } from '../pipeline/context.ts';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import { gate, type GateOptions, readNetwork } from './gate.ts';
import { complete, runHook } from './hook-bench.test.support.ts';

async function from(clientAddress: string | undefined, options: GateOptions, isHttp = true): Promise<boolean> {
  const ctx = new Context({
    id: 'call',
    operation: 'chat',
    request: { model: 'm' },
    source: { credentials: [], clientAddress, ...(isHttp && { headers: {} }) },
    controller: new LazyAbortController(),
  });
  const { error } = await runHook(gate(options), ctx, () => complete({}));
  if (error !== undefined) expect(error).toMatchObject({ code: 'address_not_allowed', status: 403 });
  return error === undefined;
}

describe('calls are let in by their address', () => {
  const allowFrom = ['10.1.0.0/16', '192.168.1.7', '2001:db8::/32', '::1'];

  test.each([
    ['10.1.255.255', true],
    ['10.2.0.0', false],
    ['192.168.1.7', true],
    ['192.168.1.8', false],
    ['::ffff:10.1.2.3', true],
    ['::FFFF:10.2.2.3', false],
    ['2001:db8:ffff::1', true],
    ['2001:db9::1', false],
    ['::1', true],
    ['0:0:0:0:0:0:0:1', true],
    ['fe80::1%eth0', false],
    ['not an address', false],
    [undefined, false],
  ])('%s: %s', async (address, isIn) => {
    expect(await from(address, { allowFrom })).toBe(isIn);
  });

  test('whom both lists hold stays out', async () => {
    expect(await from('10.1.2.3', { allowFrom, denyFrom: ['10.1.2.0/24'] })).toBe(false);
    expect(await from('10.1.3.3', { allowFrom, denyFrom: ['10.1.2.0/24'] })).toBe(true);
    expect(await from('10.1.3.3', { denyFrom: ['10.1.2.0/24'] })).toBe(true);
    expect(await from(undefined, { denyFrom: ['10.1.2.0/24'] })).toBe(true);
    expect(await from('10.1.3.3', { allowFrom: ['*'], denyFrom: ['*'] })).toBe(false);
  });

  test('everybody is in *, also who has no address', async () => {
    expect(await from('203.0.113.9', { allowFrom: ['*'] })).toBe(true);
    expect(await from(undefined, { allowFrom: ['*'] })).toBe(true);
  });

  test('nobody is in an empty list, and calls of the host itself come from nowhere', async () => {
    expect(await from('10.1.2.3', { allowFrom: [] })).toBe(false);
    expect(await from(undefined, { allowFrom: [] }, false)).toBe(true);
  });
});

test.each(['10.0.0.0/33', '10.0.0', '::1/129', '::g', '10.0.0.0/8/8', '', '10.0.0.0/', 'localhost', '10.0.0.0/-1'])('%s is no network', (entry) => {
  expect(readNetwork(entry)).toBeUndefined();
});
