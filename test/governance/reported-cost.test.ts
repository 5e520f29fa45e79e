import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CallRecord, createGateway, type Price, secret } from '@sluice/core';
import { anthropic } from '@sluice/provider-anthropic';
import { openaiCompatible } from '@sluice/provider-openai';
import { describe, expect, it, onTestFinished } from 'vitest';

const CHAT = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }], max_tokens: 10 };

async function recordOf(
  answer: object | string,
  { price, request = CHAT, host = 'one' }: { price?: Price; request?: object; host?: string } = {},
): Promise<CallRecord> {
  const isStream = typeof answer === 'string';
  const server = createServer((req, res) => {
    req.resume().on('end', () => {
      res.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
      res.end(isStream ? answer : JSON.stringify(answer));
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  onTestFinished(() => server.closeAllConnections());
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const model = host === 'anthropic' ? 'claude-opus-4-6' : 'nobody-has-heard-of-it';
  const records: CallRecord[] = [];
  const gateway = createGateway({
    auth: false,
    providers: [openaiCompatible({ name: 'one', baseUrl }), anthropic({ apiKey: 'k', baseUrl })],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: host, model, baseUrl, apiKey: secret('k'), ...(price && { price }) }] }],
    sinks: [{ name: 'kept', write: (batch) => void records.push(...batch) }],
  });
  const given = await gateway.chat.completions.create({ ...CHAT, ...request } as typeof CHAT);
  if (isStream) for await (const _ of given as unknown as AsyncIterable<unknown>);
  await gateway.close();
  return records[0] as CallRecord;
}

const answerWith = (usage: object): object => ({
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'x',
  choices: [{ index: 0, message: { role: 'assistant', content: 'ho' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, ...usage },
});

describe('what a provider itself says that a call costs', () => {
  it('is what the call costs where its model has no price', async () => {
    expect(await recordOf(answerWith({ cost: 0.0042 }))).toMatchObject({ costNanoUsd: 4_200_000, usage: { inputTokens: 10, reportedCostNanoUsd: 4_200_000 } });
    expect((await recordOf(answerWith({}))).costNanoUsd).toBeUndefined();
  });

  it('stands beside the cost by the price, where there is one', async () => {
    const record = await recordOf(answerWith({ cost: { total_cost: 0.0042 } }), { price: { input: 1e12, output: 2e12 } });
    expect(record).toMatchObject({ costNanoUsd: 20_000_000, usage: { reportedCostNanoUsd: 4_200_000 } });
  });

  it('is found at the end of a stream, and booked once', async () => {
    const event = (value: object): string => `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'x', ...value })}\n\n`;
    const usage = { prompt_tokens: 10, completion_tokens: 5, cost_in_usd_ticks: 42_000_000 };
    const told = event({ choices: [{ index: 0, delta: { content: 'ho' }, finish_reason: null }], usage: { ...usage, cost_in_usd_ticks: 10 } });
    const stream = `${told}${event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}${event({ choices: [], usage })}data: [DONE]\n\n`;
    expect(await recordOf(stream, { request: { stream: true } })).toMatchObject({ costNanoUsd: 4_200_000 });
  });
});

describe("Claude's terms", () => {
  const message = (usage: object): object => ({
    id: 'msg',
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-4-6',
    content: [{ type: 'text', text: 'ho' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1000, output_tokens: 100, service_tier: 'standard', ...usage },
  });
  const costOf = async (usage: object, request: object = {}): Promise<number | undefined> =>
    (await recordOf(message(usage), { host: 'anthropic', request })).costNanoUsd;

  // 5 and 25 dollars a million.
  it.each([
    ['usual', { speed: 'standard', inference_geo: 'global' }, 7_500_000],
    ['six times as much where it was fast', { speed: 'fast' }, 45_000_000],
    ['a tenth more in the United States only', { inference_geo: 'us' }, 8_250_000],
    ['both', { speed: 'fast', inference_geo: 'us' }, 49_500_000],
  ])('%s', async (_, usage, expected) => {
    expect(await costOf(usage)).toBe(expected);
  });

  it('are those that the answer tells, and not those that were asked for', async () => {
    expect(await costOf({ speed: 'standard' }, { speed: 'fast' })).toBe(7_500_000);
  });
});
