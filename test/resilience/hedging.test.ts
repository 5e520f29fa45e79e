import type { CallRecord, Context, Gateway, GatewayOptions, Price, Reply } from '@sluice/core';
import { fastestResponse } from '@sluice/core/routing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PacedUpstream, pacedUpstream } from './paced-upstream.ts';
import { ask, group, openGateway, toTold } from './support.ts';

const WHOLE = { text: 'one two three', isDone: true, error: undefined };
/** A thousand nano-dollars a token. */
const PRICE: Price = { input: 1e9, output: 1e9 };
const USAGE = { prompt_tokens: 10, completion_tokens: 3 };

let slow: PacedUpstream;
let fast: PacedUpstream;
let records: CallRecord[];
let gateway: Gateway | undefined;

beforeEach(async () => {
  [slow, fast] = [await pacedUpstream({ usage: USAGE }), await pacedUpstream({ usage: USAGE })];
  records = [];
});

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  await Promise.all([slow.close(), fast.close()]);
});

/** `m` prefers the slow one, as long as both may be asked. */
function open(options: Partial<GatewayOptions> = {}, more: object = {}): Gateway {
  const { name, deployments } = group('m', [slow.url, fast.url]);
  const priced = deployments.map((deployment, index) => ({ ...deployment, price: PRICE, weight: index === 0 ? 1 : 0 }));
  gateway = openGateway([{ name, deployments: priced, ...more }], {
    sinks: [{ name: 'kept', write: (written) => void records.push(...written) }],
    ...options,
    router: { retries: 0, hedge: { minDelayMs: 20, maxPercent: 100 }, ...options.router },
  });
  return gateway;
}

/** Until it is known what is usual. */
async function learn(gate: Gateway): Promise<void> {
  for (let call = 0; call < 20; call += 1) expect(toTold(await ask(gate, 'm'))).toEqual(WHOLE);
  slow.requests.length = 0;
  fast.requests.length = 0;
  records.length = 0;
}

/** The record of the last call. */
async function recorded(): Promise<CallRecord> {
  await gateway?.close();
  return records.at(-1) as CallRecord;
}

describe('a hedge', () => {
  it('is asked when a first token is late, wins, and has the slow one cancelled and paid for', async () => {
    const gate = open();
    await learn(gate);
    slow.pace = { firstTokenAfterMs: 5_000 };
    const answered = await ask(gate, 'm');
    const wonAt = performance.now();
    expect(toTold(answered)).toEqual(WHOLE);
    expect(answered.headers.get('x-sluice-model-id')).toBe('m-1');
    expect([slow.requests.length, fast.requests.length]).toEqual([1, 1]);
    await until(() => slow.requests[0]?.closedAt !== undefined);
    expect((slow.requests[0]?.closedAt ?? Infinity) - wonAt).toBeLessThan(500);
    const { costNanoUsd, beside, usage, deploymentId } = await recorded();
    // The winner by its own figures; the loser's input by an estimate, for it is read although nobody waits for it.
    expect(usage).toMatchObject({ inputTokens: 10, outputTokens: 3 });
    expect(beside?.asked).toBe(1);
    expect(beside?.costNanoUsd).toBeGreaterThan(0);
    expect(costNanoUsd).toBe(13_000 + (beside?.costNanoUsd ?? 0));
    expect(deploymentId).toBe('m-1');
  });

  it('is cancelled itself when the first one comes after all', async () => {
    const gate = open();
    await learn(gate);
    [slow.pace, fast.pace] = [{ firstTokenAfterMs: 200, usage: USAGE }, { headAfterMs: 5_000 }];
    const answered = await ask(gate, 'm');
    expect(toTold(answered)).toEqual(WHOLE);
    expect(answered.headers.get('x-sluice-model-id')).toBe('m-0');
    expect(fast.requests).toHaveLength(1);
    await until(() => fast.requests[0]?.closedAt !== undefined);
    expect((await recorded()).beside?.asked).toBe(1);
  });

  it('takes over when the slow one fails, and the caller sees one answer', async () => {
    const gate = open();
    await learn(gate);
    [slow.pace, fast.pace] = [
      { headAfterMs: 150, status: 500 },
      { headAfterMs: 300, usage: USAGE },
    ];
    expect(toTold(await ask(gate, 'm'))).toEqual(WHOLE);
    const { costNanoUsd, beside, status } = await recorded();
    expect({ costNanoUsd, beside, status }).toEqual({ costNanoUsd: 13_000, beside: { asked: 1, costNanoUsd: 0 }, status: 'ok' });
  });

  it.each([
    ['the share is used up', { maxPercent: 0.01 }, {}],
    ['a second answer may cost too much', { maxCostNanoUsd: 1 }, {}],
    ['a tool is run at the provider', {}, { tools: [{ type: 'web_search' }] }],
    ['the provider keeps the answer', {}, { store: true }],
  ])('is not asked when %s', async (_, hedge, fields) => {
    const gate = open({ router: { hedge: { minDelayMs: 20, maxPercent: 100, ...hedge } } });
    await learn(gate);
    slow.pace = { firstTokenAfterMs: 200 };
    const calls = 'maxPercent' in hedge ? 3 : 1;
    for (let call = 0; call < calls; call += 1) {
      const chunks = await gate.chat.completions.create({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Say it' }], ...fields });
      for await (const _chunk of chunks);
    }
    // What is in hand at first is one.
    expect(fast.requests.length).toBe('maxPercent' in hedge ? 1 : 0);
  });

  it('is not asked where the budget has no room for a second answer', async () => {
    const gate = open({ allowance: { gateway: { budgetNanoUsd: 300_000 + 20 * 13_000 } }, budget: { assumedOutputTokens: 200 } });
    await learn(gate);
    slow.pace = { firstTokenAfterMs: 200, usage: USAGE };
    expect(toTold(await ask(gate, 'm'))).toEqual(WHOLE);
    expect(fast.requests).toHaveLength(0);
    expect((await recorded()).beside).toBeUndefined();
  });

  it('is not asked before it is known what is late', async () => {
    const gate = open();
    slow.pace = { firstTokenAfterMs: 150 };
    expect(toTold(await ask(gate, 'm'))).toEqual(WHOLE);
    expect(fast.requests).toHaveLength(0);
  });

  it('is not asked of a deployment that has just failed', async () => {
    const gate = open();
    await learn(gate);
    fast.pace = { status: 429 };
    slow.pace = { firstTokenAfterMs: 200 };
    for (let call = 0; call < 2; call += 1) expect(toTold(await ask(gate, 'm'))).toEqual(WHOLE);
    expect(fast.requests.length).toBe(1);
  });

  it('is refused at start-up with numbers that mean nothing', () => {
    expect(() => open({ router: { hedge: { percentile: 0, maxPercent: 101, minDelayMs: -1 } } })).toThrow(
      /router\.hedge\.minDelayMs[\s\S]*percentile[\s\S]*maxPercent/,
    );
    expect(() => open({}, { hedge: { percentil: 90 } })).toThrow(/models\[0\]\.hedge\.percentil[\s\S]*percentile/);
  });
});

describe('what loses', () => {
  it('may fail as it ends, and only the log hears of it', async () => {
    const errors: unknown[] = [];
    const spoiled = { name: 'spoiled', phase: 'router' as const, handle: (ctx: Context, next: () => Promise<Reply>) => (ctx.defer(fail), next()) };
    const fail = (): never => {
      throw new Error('spoiled');
    };
    const gate = open({ hooks: [spoiled], onError: (error) => void errors.push(error) }, { strategy: fastestResponse() });
    slow.pace = { headAfterMs: 5_000 };
    expect(toTold(await ask(gate, 'm'))).toEqual(WHOLE);
    await gate.idle();
    expect(errors.map(String)).toContain('Error: spoiled');
  });
});

describe('fastest_response', () => {
  function openTwo(options: Partial<GatewayOptions> = {}): Gateway {
    const priced = (name: string, url: string) => ({ name, deployments: group(name, [url]).deployments.map((one) => ({ ...one, price: PRICE })) });
    gateway = openGateway([priced('a', slow.url), priced('b', fast.url)], {
      sinks: [{ name: 'kept', write: (written) => void records.push(...written) }],
      ...options,
      router: { retries: 0, ...options.router },
    });
    return gateway;
  }

  async function race(gate: Gateway, fields: object = {}, headers: Record<string, string> = {}) {
    const response = await gate.fetch('http://sluice/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'a, b', fastest_response: true, messages: [{ role: 'user', content: 'Say it' }], ...fields }),
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  }

  it.each([true, false])('asks all models named, gives the first answer and cancels the others (stream: %s)', async (stream) => {
    slow.pace = { headAfterMs: 5_000 };
    const gate = openTwo();
    const answered = await race(gate, { stream });
    expect(answered.status).toBe(200);
    expect(answered.headers.get('x-sluice-model-group')).toBe('b');
    expect([slow.requests.length, fast.requests.length]).toEqual([1, 1]);
    expect(slow.requests[0]?.body).not.toHaveProperty('fastest_response');
    await until(() => slow.requests[0]?.closedAt !== undefined);
    const { group: name, model, costNanoUsd, beside } = await recorded();
    expect({ name, model }).toEqual({ name: 'b', model: 'a, b' });
    expect(beside?.asked).toBe(1);
    expect(costNanoUsd).toBe(13_000 + (beside?.costNanoUsd ?? 0));
  });

  it('goes by who answers, not by who fails first', async () => {
    [slow.pace, fast.pace] = [{ status: 500 }, { headAfterMs: 50, usage: USAGE }];
    const answered = await race(openTwo(), { stream: true });
    expect(toTold(answered)).toEqual(WHOLE);
  });

  it('fails when all have, or goes on to the fallbacks that were sent along', async () => {
    [slow.pace, fast.pace] = [{ status: 500 }, { status: 500 }];
    const gate = openTwo();
    expect(toTold(await race(gate, { stream: true })).error).toBe('upstream_error');
    expect([slow.requests.length, fast.requests.length]).toEqual([1, 1]);
    const sound = await pacedUpstream();
    const third = openGateway([group('a', [slow.url]), group('b', [fast.url]), group('c', [sound.url])], { router: { retries: 0 } });
    const answered = await race(third, { stream: true, fallbacks: ['c'] });
    expect(toTold(answered)).toEqual(WHOLE);
    expect(answered.headers.get('x-sluice-attempted-fallbacks')).toBe('1');
    await third.close();
    await sound.close();
  });

  it('is refused when one of the models is unknown, not allowed, or the call may not be repeated', async () => {
    const keys = [{ id: 'k', key: 'sk-only-a-0123456789', models: ['a'] }];
    const gate = openTwo({ masterKey: 'sk-master-0123456789', keys });
    const auth = { authorization: 'Bearer sk-only-a-0123456789' };
    expect(toTold(await race(gate, {}, auth)).error).toBe('model_not_allowed');
    const admin = { authorization: 'Bearer sk-master-0123456789' };
    expect(toTold(await race(gate, { model: 'a,c' }, admin)).error).toBe('model_not_found');
    expect(toTold(await race(gate, { tools: [{ type: 'mcp' }] }, admin)).error).toBe('invalid_request');
    expect(toTold(await race(gate, { model: 'a,b,c,d,e,f,g,h,i' }, admin)).error).toBe('invalid_request');
    // A name of its own is left as it came, so that what was allowed is what is called.
    expect(toTold(await race(gate, { model: 'a,' }, auth)).error).toBe('model_not_allowed');
    expect(slow.requests.length + fast.requests.length).toBe(0);
  });

  it('holds what all of them may cost, and keeps what they did', async () => {
    slow.pace = { headAfterMs: 5_000 };
    // Room for one answer and not for two.
    const gate = openTwo({ allowance: { gateway: { budgetNanoUsd: 300_000 } }, budget: { assumedOutputTokens: 200 } });
    expect(toTold(await race(gate)).error).toBe('budget_exceeded');
    expect(slow.requests.length + fast.requests.length).toBe(0);
  });

  it('is a strategy as well, for the deployments of one group', async () => {
    slow.pace = { headAfterMs: 5_000 };
    const gate = open({}, { strategy: fastestResponse() });
    expect(toTold(await ask(gate, 'm'))).toEqual(WHOLE);
    expect([slow.requests.length, fast.requests.length]).toEqual([1, 1]);
    expect((await recorded()).beside?.asked).toBe(1);
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  for (const endsAt = performance.now() + 3_000; !isTrue() && performance.now() < endsAt; ) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isTrue()).toBe(true);
}
