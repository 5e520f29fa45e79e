import type { CallRecord, Gateway, GatewayOptions, ModelGroup } from '@sluice/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PacedUpstream, pacedUpstream } from './paced-upstream.ts';
import { ask, group, openGateway, toTold } from './support.ts';

const WHOLE = { text: 'one two three', isDone: true, error: undefined };
const USAGE = { prompt_tokens: 10, completion_tokens: 3 };

let primary: PacedUpstream;
let shadow: PacedUpstream;
let records: CallRecord[];
let gateway: Gateway;

beforeEach(async () => {
  [primary, shadow] = [await pacedUpstream({ usage: USAGE }), await pacedUpstream({ usage: USAGE })];
  records = [];
});

afterEach(async () => {
  await gateway.close();
  await Promise.all([primary.close(), shadow.close()]);
});

function open(mirror: Partial<NonNullable<ModelGroup['mirror']>> = {}, options: Partial<GatewayOptions> = {}, more: Partial<ModelGroup> = {}): Gateway {
  const priced = (name: string, url: string, own: Partial<ModelGroup>): ModelGroup => ({
    name,
    deployments: group(name, [url]).deployments.map((one) => ({ ...one, price: { input: 1e9, output: 1e9 } })),
    ...own,
  });
  gateway = openGateway([priced('m', primary.url, { mirror: { to: 'shadow', ...mirror }, ...more }), priced('shadow', shadow.url, {})], {
    sinks: [{ name: 'kept', write: (written) => void records.push(...written) }],
    ...options,
    router: { retries: 0, ...options.router },
  });
  return gateway;
}

async function settled(): Promise<readonly CallRecord[]> {
  await gateway.idle();
  // A copy begins as its call ends.
  await new Promise((resolve) => setTimeout(resolve, 20));
  await gateway.idle();
  await gateway.close();
  return records;
}

describe('a mirror', () => {
  it.each([true, false])('asks another group the same, once the call has been answered, as a call of its own (stream: %s)', async (stream) => {
    const gate = open();
    await gate.idle();
    const answered = await ask(gate, 'm', { stream });
    expect(answered.body).toContain(stream ? '"content":"three"' : 'one two three');
    const [own, copy, ...more] = await settled();
    expect(more).toEqual([]);
    expect(shadow.requests[0]?.body).toMatchObject({ messages: [{ role: 'user', content: 'Say it' }], ...(stream && { stream: true }) });
    expect(shadow.requests[0]?.body).not.toHaveProperty('cache');
    expect(own).toMatchObject({ group: 'm', keyId: 'anonymous', costNanoUsd: 13_000 });
    expect(copy).toMatchObject({ group: 'shadow', keyId: 'mirror:m', status: 'ok', costNanoUsd: 13_000, metadata: { mirrorOf: own?.id } });
  });

  it('changes nothing for the caller when it is slow, fails or is not there', async () => {
    shadow.pace = { headAfterMs: 2_000 };
    const gate = open();
    const startedAt = performance.now();
    expect(toTold(await ask(gate, 'm'))).toEqual(WHOLE);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    shadow.pace = { status: 500 };
    expect(toTold(await ask(gate, 'm'))).toEqual(WHOLE);
    await shadow.close();
    expect(toTold(await ask(gate, 'm'))).toEqual(WHOLE);
    await gate.close();
    expect(records.filter(({ group: name }) => name === 'm').map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
    expect(records.filter(({ group: name }) => name === 'shadow').every(({ status }) => status !== 'ok')).toBe(true);
  });

  it('makes only so many copies at the same time', async () => {
    shadow.pace = { headAfterMs: 300 };
    const gate = open({ parallelCalls: 2 });
    for (let call = 0; call < 5; call += 1) await ask(gate, 'm');
    await settled();
    expect(shadow.requests).toHaveLength(2);
  });

  it('copies a share by chance', async () => {
    const gate = open({ percent: 25 });
    for (let call = 0; call < 120; call += 1) await ask(gate, 'm', { stream: false });
    await settled();
    expect(shadow.requests.length).toBeGreaterThan(8);
    expect(shadow.requests.length).toBeLessThan(60);
  });

  it('has a budget of its own', async () => {
    const gate = open({ budgetNanoUsd: 150_000 }, { budget: { assumedOutputTokens: 64 } });
    for (let call = 0; call < 20; call += 1) {
      expect(toTold(await ask(gate, 'm'))).toEqual(WHOLE);
      await gate.idle();
    }
    const copies = (await settled()).filter(({ keyId }) => keyId === 'mirror:m');
    expect(copies.map(({ code }) => code)).toContain('budget_exceeded');
    expect(copies.reduce((sum, { costNanoUsd = 0 }) => sum + costNanoUsd, 0)).toBeLessThanOrEqual(150_000);
    expect(shadow.requests.length).toBeLessThan(12);
  });

  it.each([
    ['runs a tool at the provider', { tools: [{ type: 'mcp' }] }],
    ['is kept at the provider', { store: true }],
  ])('does not copy a call that %s', async (_, fields) => {
    const gate = open();
    await gate.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'Say it' }], ...fields });
    await settled();
    expect(shadow.requests).toHaveLength(0);
  });

  it('copies nothing that has failed, and no copy', async () => {
    const gate = open({ to: 'm' });
    await ask(gate, 'm');
    await settled();
    expect(primary.requests).toHaveLength(2);

    primary.pace = { status: 500 };
    const other = open();
    expect(toTold(await ask(other, 'm')).error).toBe('upstream_error');
    await settled();
    expect(shadow.requests).toHaveLength(0);
  });

  it('keeps to the regions its caller is bound to', async () => {
    const key = 'sk-eu-only-0123456789';
    const gate = open(
      {},
      { masterKey: 'sk-master-0123456789', keys: [{ id: 'eu', key, regions: ['eu'] }] },
      {
        deployments: group('m', [primary.url]).deployments.map((one) => ({ ...one, region: 'eu' })),
      },
    );
    const answer = await gate.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'Say it' }] }, { apiKey: key });
    expect(answer.choices).toHaveLength(1);
    const copy = (await settled()).find(({ keyId }) => keyId === 'mirror:m');
    expect(copy?.code).toBe('no_deployment_fits');
    expect(shadow.requests).toHaveLength(0);
  });

  it('is refused at start-up when it names nobody, or numbers that mean nothing', () => {
    open();
    expect(() => open({ to: 'shadwo', percent: 0, parallelCalls: 0 })).toThrow(/mirror\.percent[\s\S]*mirror\.parallelCalls[\s\S]*mirror\.to[\s\S]*shadow/);
  });
});
