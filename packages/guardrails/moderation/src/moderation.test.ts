import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway } from '@sluice/core';
import { provider as openai } from '@sluice/provider-openai';
import { secret } from '@sluice/core';
import { guardrailContract } from '@sluice/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardrail, moderation, type ModerationOptions } from './index.ts';

type Result = Readonly<Record<string, unknown>>;
const verdict = (score: number): Result => ({
  flagged: score >= 0.5,
  categories: { violence: score >= 0.5, hate: false },
  category_scores: { violence: score, hate: 0.01 },
});
let result: (input: string) => Result | undefined = (input) => verdict(/kill/.test(input) ? 0.7 : 0.1);
/** OpenAI's moderations and chat. */
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const { input = '' } = JSON.parse(text) as { input?: string };
  response.setHeader('content-type', 'application/json');
  if (request.url === '/v1/moderations') response.end(JSON.stringify({ id: 'modr-1', model: 'omni', results: [result(input)].filter(Boolean) }));
  else
    response.end(
      JSON.stringify({ id: 'x', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: 'fine' }, finish_reason: 'stop' }] }),
    );
});
let baseUrl = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(() => void server.close());

const made = (options: ModerationOptions = {}) => moderation({ baseUrl, apiKey: 'sk', ...options });
const judge = async (text: string, options: ModerationOptions = {}) =>
  made(options).check({ text, from: 0, direction: 'input', place: 'x', signal: new AbortController().signal });

describe('the guardrail keeps the contract', () => {
  it.each(guardrailContract(() => ({ guardrail: made(), allowed: ['Good day'], found: ['I will kill it'] })))('$name', ({ run }) => run());
});

it('refuses what is flagged, or what has a score from the threshold on', async () => {
  expect(await judge('kill')).toEqual({ action: 'block', reason: 'it was judged to be violence' });
  expect((await judge('kill', { threshold: 0.8 })).action).toBe('allow');
  expect((await judge('kill', { threshold: 0.7 })).action).toBe('block');
});

it('has failed where the answer judges nothing (P61)', async () => {
  const before = result;
  for (const [nothing, options] of [
    [undefined, {}],
    [{}, {}],
    [{ flagged: false }, { threshold: 0.5 }],
  ] as const) {
    result = () => nothing;
    await expect(judge('x', options)).rejects.toThrow(/The moderation model/);
  }
  result = before;
});

it('asks a model of the gateway, through its provider', async () => {
  const deployment = (id: string, model: string) => ({ id, provider: 'openai', model, baseUrl, apiKey: secret('sk') });
  const models = [
    { name: 'gpt', deployments: [deployment('a', 'gpt-4o')] },
    { name: 'omni-moderation-latest', deployments: [deployment('b', 'omni-moderation-latest')] },
  ];
  const gateway = createGateway({ providers: openai.providers, models, auth: false, guardrails: [{ guardrail: moderation(), on: ['input'] }] });
  const ask = (content: string) => gateway.chat.completions.create({ model: 'gpt', messages: [{ role: 'user', content }] });
  expect((await ask('hello')).choices[0]?.message.content).toBe('fine');
  await expect(ask('kill')).rejects.toMatchObject({
    code: 'guardrail_blocked',
    message: "The request was blocked by 'moderation': it was judged to be violence",
  });
  await gateway.close();
});

it('is made from a configuration file, and tells its mistakes', () => {
  expect(guardrail.create({ threshold: 0.8 }).name).toBe('moderation');
  expect(() => guardrail.create({ threshold: 8, modle: 'x' })).toThrow(/threshold: .*up to 1[^]*Did you mean 'model'/);
});
