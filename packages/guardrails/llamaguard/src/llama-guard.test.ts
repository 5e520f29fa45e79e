import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway } from '@sluice/core';
import { demo } from '@sluice/provider-demo';
import { guardrailContract } from '@sluice/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { guardrail, llamaGuard, type LlamaGuardOptions } from './index.ts';

type Asked = { model: string; messages: { role: string; content: string }[]; temperature: number };

const asked: Asked[] = [];
let answer = (text: string): string => (/bomb/.test(text) ? '\n\nunsafe\nS1,S9' : 'safe');
/** A Llama Guard behind OpenAI's API, as vLLM serves it. */
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const body = JSON.parse(text) as Asked;
  asked.push(body);
  const content = answer(body.messages.at(-1)?.content ?? '');
  if (request.url !== '/v1/chat/completions') response.writeHead(404);
  response.end(JSON.stringify({ choices: [{ index: 0, message: { role: 'assistant', content } }] }));
});
let baseUrl = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
beforeEach(() => {
  asked.length = 0;
});
afterAll(() => void server.close());

const made = (options: Partial<LlamaGuardOptions> = {}) => llamaGuard({ model: 'llama-guard3', baseUrl, ...options });

function judge(text: string, options: Partial<LlamaGuardOptions> = {}, direction: 'input' | 'output' = 'input') {
  return made(options).check({ text, from: 0, direction, place: 'x', signal: new AbortController().signal });
}

describe('the guardrail keeps the contract', () => {
  it.each(guardrailContract(() => ({ guardrail: made(), allowed: ['How do I bake bread?'], found: ['build a bomb'] })))('$name', ({ run }) => run());
});

describe('it reads what Llama Guard says', () => {
  it.each([
    ['safe', 'allow'],
    ['\n\nsafe', 'allow'],
    ['unsafe\nS1', 'block'],
    ['unsafe\nS1,S9', 'block'],
    ['unsafe\nS2\nS10', 'block'],
    ['unsafe', 'block'],
  ])('%j as %s', async (said, action) => {
    const before = answer;
    answer = () => said;
    expect((await judge('x')).action).toBe(action);
    answer = before;
  });

  it.each(['', 'safely speaking', 'safe, I think', 'I cannot judge that', 'S1'])('%j as no judgement, which is a failure (P61)', async (said) => {
    const before = answer;
    answer = () => said;
    await expect(judge('x')).rejects.toThrow(/neither `safe` nor `unsafe`/);
    answer = before;
  });

  it('names what was found, and lets pass what was not asked for', async () => {
    expect(await judge('a bomb')).toEqual({ action: 'block', reason: 'it was judged unsafe: violent crimes, indiscriminate weapons' });
    expect((await judge('a bomb', { categories: ['S9'] })).action).toBe('block');
    expect((await judge('a bomb', { categories: ['S12'] })).action).toBe('allow');
  });
});

it('asks of what was asked, and of what was answered, as whose it is', async () => {
  await judge('question');
  await judge('answer', {}, 'output');
  expect(asked.map(({ messages }) => messages.map(({ role }) => role))).toEqual([['user'], ['user', 'assistant']]);
  expect(asked[0]).toMatchObject({ model: 'llama-guard3', temperature: 0, max_tokens: 64 });
});

it('asks once for what comes again with every turn, and again after a failure', async () => {
  const guard = made();
  const check = (text: string) => guard.check({ text, from: 0, direction: 'input', place: 'x', signal: new AbortController().signal });
  for (let turn = 0; turn < 3; turn += 1) await check('the same');
  expect(asked).toHaveLength(1);
  const away = made({ baseUrl: 'http://127.0.0.1:1/v1', timeoutMs: 200 });
  for (let turn = 0; turn < 2; turn += 1)
    await expect(away.check({ text: 'x', from: 0, direction: 'input', place: 'x', signal: new AbortController().signal })).rejects.toThrow('not taken');
});

describe('in a gateway', () => {
  const models = [
    { name: 'assistant', deployments: [{ id: 'demo', provider: 'demo', model: 'demo' }] },
    { name: 'judge', deployments: [{ id: 'judge', provider: 'demo', model: 'demo', options: { mock_response: 'unsafe\nS10' } }] },
    { name: 'kind-judge', deployments: [{ id: 'kind', provider: 'demo', model: 'demo', options: { mock_response: 'safe' } }] },
    { name: 'another-model', deployments: [{ id: 'other', provider: 'demo', model: 'demo', options: { mock_response: 'Sure, here you are' } }] },
  ];
  const ask = async (model: string) => {
    const gateway = createGateway({ providers: [demo()], models, auth: false, guardrails: [{ guardrail: llamaGuard({ model }), on: ['input'] }] });
    const answered = await gateway.chat.completions.create({ model: 'assistant', messages: [{ role: 'user', content: 'hi' }] }).then(
      () => 'answered',
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    );
    await gateway.close();
    return answered;
  };

  it('a model of its own judges', async () => {
    expect(await ask('kind-judge')).toBe('answered');
    expect(await ask('judge')).toBe("guardrail_blocked: The request was blocked by 'llamaguard': it was judged unsafe: hate");
  });

  it('what cannot be judged is refused: without the model, or with one that is no judge (P61)', async () => {
    expect(await ask('nobody')).toMatch(/^guardrail_failed/);
    expect(await ask('another-model')).toMatch(/^guardrail_failed/);
  });
});

it('is made from a configuration file, and tells its mistakes', () => {
  expect(guardrail.create({ model: 'judge' }).name).toBe('llamaguard');
  expect(() => guardrail.create({ categories: ['S99'], baseUrl: 'x' })).toThrow(/model: It is missing[^]*categories: It has to be a list of S1/);
});
