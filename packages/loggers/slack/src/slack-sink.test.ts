import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway } from '@sluice/core';
import { demo } from '@sluice/provider-demo';
import { callRecord } from '@sluice/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sink, slackSink, type SlackSinkOptions } from './index.ts';

const messages: { path: string; text: string }[] = [];
let status = 200;
/** What is sent here is never taken. */
const DEAD = '/dead';
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const path = request.url ?? '';
  const answer = path === DEAD ? 500 : status;
  if (answer === 200) messages.push({ path, text: (JSON.parse(text) as { text: string }).text });
  response.writeHead(answer).end('ok');
});
let base = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  messages.length = 0;
  status = 200;
});
afterAll(() => void server.close());

const made = (options: Partial<SlackSinkOptions> = {}) => slackSink({ webhookUrl: `${base}/all`, ...options });
const failed = (id: string, code = 'upstream_error') => callRecord(id, { status: 'error', code });

describe('Slack', () => {
  it('hears of calls that fail or are slow, and of no other', async () => {
    const slack = made({ slowAfterMs: 5000 });
    await slack.write([callRecord('a'), callRecord('b', { status: 'refused', code: 'rate_limited' }), callRecord('c', { status: 'aborted', code: 'aborted' })]);
    expect(messages).toEqual([]);
    await slack.write([failed('d'), callRecord('e', { durationMs: 7000 })]);
    expect(messages).toEqual([{ path: '/all', text: ':x: Calls of `fast` at demo fail: upstream_error\n:turtle: A call of `fast` at demo took 7 s' }]);
  });

  it('hears of the same thing once, with how often it happened, and of no more than a message in a while', async () => {
    const slack = made({ repeatAfterMs: 60_000, everyMs: 60_000 });
    await slack.write(Array.from({ length: 500 }, (_, index) => failed(String(index))));
    for (let turn = 0; turn < 50; turn += 1) await slack.write([failed('x'), failed('y', `code_${turn}`)]);
    expect(messages.map(({ text }) => text)).toEqual([':x: Calls of `fast` at demo fail: upstream_error (500 times)']);
    await slack.close?.();
    expect(messages).toHaveLength(2);
    const lines = messages[1]?.text.split('\n') ?? [];
    expect([lines.length, lines.at(-1)]).toEqual([21, 'and 30 more alerts']);
  });

  it('is told later what could not be told, in one message', async () => {
    const slack = made({ everyMs: 1 });
    status = 500;
    await expect(slack.write([failed('a')])).rejects.toThrow('not taken: 500');
    status = 200;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await slack.write([failed('b')]);
    expect(messages.map(({ text }) => text)).toEqual([':x: Calls of `fast` at demo fail: upstream_error (2 times)']);
  });

  it('is told at every address that takes it, however much waits for one that takes nothing', async () => {
    const slack = made({ everyMs: 0, webhookUrls: { llm_exceptions: `${base}${DEAD}` } });
    await expect(slack.write(Array.from({ length: 300 }, (_, index) => failed('a', `code_${index}`)))).rejects.toThrow('not taken: 500');
    await expect(slack.write([callRecord('b', { durationMs: 600_000 })])).rejects.toThrow('not taken: 500');
    expect(messages).toEqual([{ path: '/all', text: ':turtle: A call of `fast` at demo took 600 s' }]);
  });

  it('is told once by those who send at the same time, whether what they wait for is taken or not', async () => {
    const slack = made({ everyMs: 60_000 });
    const writes = [slack.write([failed('a')]), slack.write([failed('b', 'timeout')])];
    await Promise.all([...writes, slack.close?.(), slack.close?.(), slack.close?.()]);
    expect(messages.map(({ text }) => text.replace(/.*: /, ''))).toEqual(['upstream_error', 'timeout']);
    const dead = made({ webhookUrl: `${base}${DEAD}` });
    const answers = await Promise.allSettled([dead.write([failed('a')]), dead.close?.(), dead.close?.()]);
    expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('hears of budgets, outages and rests, each where it is to be told', async () => {
    const slack = made({ everyMs: 1, webhookUrls: { budget_alerts: `${base}/money` } });
    await slack.budgetAlert?.({ kind: 'threshold', share: 0.8, owner: { kind: 'team', id: '<finance>' }, spentNanoUsd: 8e9, budgetNanoUsd: 10e9, callId: 'c' });
    slack.tryFailed?.({ deployment: { id: 'd1', provider: 'demo', model: 'x' }, code: 'upstream_error' });
    slack.tryFailed?.({ deployment: { id: 'd1', provider: 'demo', model: 'x' }, code: 'upstream_error', restsMs: 5000 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await slack.outage?.({ kind: 'model', name: 'fast', status: 'down', since: '', lastedMs: undefined, deployments: { d1: 'upstream_error' } });
    expect(messages).toEqual([
      { path: '/money', text: ':money_with_wings: 80 % of the budget of team `&lt;finance&gt;` is used up: $8 of $10' },
      {
        path: '/all',
        text: ':snowflake: The deployment `d1` of demo is passed over for 5 s: upstream_error\n:rotating_light: Every deployment of the model `fast` fails (d1: upstream_error)',
      },
    ]);
  });

  it('hears of nothing that was not asked for', async () => {
    const slack = made({ types: ['budget_alerts'] });
    await slack.write([failed('a')]);
    await slack.close?.();
    expect(messages).toEqual([]);
  });
});

it('a gateway tells it of a budget that comes to its share', async () => {
  const models = [{ name: 'assistant', deployments: [{ id: 'demo', provider: 'demo', model: 'demo', price: { input: 1e12, output: 1e12 } }] }];
  const gateway = createGateway({
    providers: [demo()],
    models,
    auth: false,
    allowance: { gateway: { budgetNanoUsd: 1e12 } },
    budget: { alertAt: [0.000001] },
    sinks: [made()],
  });
  await gateway.chat.completions.create({ model: 'assistant', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] });
  await gateway.close();
  expect(messages.map(({ text }) => text).join()).toMatch(/^:money_with_wings: 0 % of the budget of the gateway is used up: \$/);
});

it('is made from a configuration file and the environment, and tells its mistakes', () => {
  expect(sink.create({}, { SLACK_WEBHOOK_URL: 'https://hooks.test/x' }).name).toBe('slack');
  expect(() => sink.create({}, {})).toThrow(/webhookUrl: .*SLACK_WEBHOOK_URL/);
  expect(() => sink.create({ types: ['llm_slow'], webhookurl: 'x' }, {})).toThrow(/types: It has to be a list of llm_exceptions[^]*Did you mean 'webhookUrl'/);
});
