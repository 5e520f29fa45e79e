import { afterEach, describe, expect, test } from 'vitest';
import { GatewayError } from '../../errors/gateway-error.ts';
import { defineProvider } from '../../provider/provider.ts';
import type { ChatMessage } from '../../types/chat.ts';
import type { JsonObject } from '../../types/json.ts';
import { createGateway, type Gateway } from '../create-gateway.ts';
import type { ToolRunRequest } from './tool-run.ts';

let gateway: Gateway;
afterEach(() => gateway?.close());

const asked: JsonObject[] = [];
const user = { role: 'user', content: 'What is the weather in Rome?' } as const;
const tools = ['weather', 'time'].map((name) => ({ type: 'function', function: { name, parameters: { type: 'object' } } }));

type Said = { readonly content?: string | null; readonly tool_calls?: readonly JsonObject[]; readonly [field: string]: unknown };
const call = (id: string, name: string, args: string): JsonObject => ({ id, type: 'function', function: { name, arguments: args } });

/** A model that says these things, one an answer, and the last one for ever. */
function model(...answers: readonly Said[]): Gateway {
  asked.length = 0;
  const provider = defineProvider({
    name: 'scripted',
    operations: {
      chat: {
        toRequest: ({ request }) => ({ url: 'x:/', headers: {}, body: JSON.stringify(request) }),
        toError: ({ body }) => new GatewayError('upstream_error', body),
      },
    },
    send({ body }) {
      const request = JSON.parse(String(body)) as JsonObject;
      const said = answers[Math.min(asked.length, answers.length - 1)] ?? {};
      asked.push(request);
      return Promise.resolve(request.stream === true ? streamed(said) : whole(said));
    },
  });
  gateway = createGateway({
    auth: false,
    providers: [provider],
    models: [
      { name: 'm', deployments: [{ id: 'd', provider: 'scripted', model: 'm', price: { input: 1_000_000, output: 1_000_000 } }] },
      { name: 'free', deployments: [{ id: 'f', provider: 'scripted', model: 'f' }] },
    ],
  });
  return gateway;
}

const usage = { prompt_tokens: 10, completion_tokens: 5 };
const finishOf = ({ tool_calls: calls }: Said): string => (calls ? 'tool_calls' : 'stop');

function whole(said: Said) {
  const body = {
    id: 'x',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: null, ...said }, finish_reason: finishOf(said) }],
    usage,
  };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: once(JSON.stringify(body)) };
}

/** Arguments in two pieces, as models send them. */
function streamed({ tool_calls: calls = [], ...said }: Said) {
  const pieces = calls.flatMap((item, index) => {
    const { name, arguments: given } = item.function as { name: string; arguments: string };
    return [
      { tool_calls: [{ index, ...item, function: { name, arguments: given.slice(0, 3) } }] },
      { tool_calls: [{ index, function: { arguments: given.slice(3) } }] },
    ];
  });
  const chunk = (delta: object, finish: string | null = null): string =>
    `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const text = [{ role: 'assistant', ...said }, ...pieces].map((delta) => chunk(delta)).join('');
  const end = `${chunk({}, finishOf({ tool_calls: calls.length > 0 ? calls : undefined } as Said))}data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`;
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: once(text + end) };
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

function run(more: Partial<ToolRunRequest> = {}) {
  return gateway.chat.runTools({
    model: 'm',
    messages: [user],
    tools,
    handlers: { weather: ({ city }) => ({ city, sky: 'clear' }), time: () => 'noon' },
    ...more,
  });
}

const twoCalls: Said = { tool_calls: [call('a', 'weather', '{"city":"Rome"}'), call('b', 'time', '')], reasoning_content: 'Hm' };

test('tools are run and told until the model has answered, and everything is in the result', async () => {
  model(twoCalls, { content: 'Clear, at noon.' });
  const seen: number[] = [];
  const { text, ended, rounds, messages, usage: used, costNanoUsd } = await run({ temperature: 0, onRound: ({ number }) => void seen.push(number) });
  expect([text, ended, seen, costNanoUsd]).toEqual(['Clear, at noon.', 'answer', [1, 2], 30]);
  expect(used).toEqual({ inputTokens: 20, outputTokens: 10 });
  expect(rounds.map(({ results, costNanoUsd: cost }) => [results.map(({ content }) => content), cost])).toEqual([
    [['{"city":"Rome","sky":"clear"}', 'noon'], 15],
    [[], 15],
  ]);
  expect(asked[0]).toEqual({ model: 'm', messages: [user], tools, temperature: 0 });
  const results = [
    { role: 'tool', tool_call_id: 'a', content: '{"city":"Rome","sky":"clear"}' },
    { role: 'tool', tool_call_id: 'b', content: 'noon' },
  ];
  const said = { role: 'assistant', content: null, ...twoCalls };
  expect(asked[1]?.messages).toEqual([user, said, ...results]);
  expect(messages).toEqual([user, said, ...results, { role: 'assistant', content: 'Clear, at noon.' }]);
});

test('a streamed run says the same, chunk by chunk', async () => {
  model(twoCalls, { content: 'Clear, at noon.' });
  const whole = await run();
  model(twoCalls, { content: 'Clear, at noon.' });
  const heard: [number, string][] = [];
  const streamedRun = await run({ onChunk: ({ choices }, round) => void (choices[0]?.delta.content && heard.push([round, choices[0].delta.content])) });
  expect(heard).toEqual([[2, 'Clear, at noon.']]);
  expect(streamedRun.messages).toEqual(whole.messages);
  expect([streamedRun.text, streamedRun.costNanoUsd, streamedRun.response.choices[0]?.finish_reason]).toEqual(['Clear, at noon.', 30, 'stop']);
});

describe('what goes wrong with a tool is told to the model', () => {
  test.each<[string, JsonObject, string]>([
    ['a handler that throws', call('a', 'broken', '{}'), 'The tool failed: no route to Rome'],
    ['a tool that nobody has', call('a', 'toString', '{}'), "There is no tool 'toString'. There are: broken."],
    ['arguments that are not JSON', call('a', 'broken', '{"city":'), 'The arguments are not JSON: '],
    ['arguments that are no object', call('a', 'broken', '[1]'), 'The arguments have to be a JSON object.'],
  ])('%s', async (_, toolCall, words) => {
    model({ tool_calls: [toolCall] }, { content: 'Sorry' });
    const broken = (): never => {
      throw new Error('no route to Rome');
    };
    const { rounds, ended } = await run({ tools: [{ type: 'function', function: { name: 'broken' } }], handlers: { broken } });
    expect(rounds[0]?.results).toMatchObject([{ isError: true, content: expect.stringContaining(words) as string }]);
    expect((asked[1]?.messages as ChatMessage[] | undefined)?.at(-1)).toMatchObject({
      role: 'tool',
      tool_call_id: 'a',
      content: expect.stringContaining(words) as string,
    });
    expect(ended).toBe('answer');
  });
});

test('calls of one answer run in parallel, so many at a time, and keep their order', async () => {
  let [running, most] = [0, 0];
  model({ tool_calls: Array.from({ length: 6 }, (_, index) => call(`c${index}`, 'weather', `{"n":${index}}`)) }, { content: 'Done' });
  const weather = async ({ n }: JsonObject): Promise<unknown> => {
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setTimeout(resolve, 12 - Number(n) * 2));
    running -= 1;
    return n;
  };
  const { rounds } = await run({ handlers: { weather, time: weather }, maxParallelCalls: 3 });
  expect(most).toBe(3);
  expect(rounds[0]?.results.map(({ content }) => content)).toEqual(['0', '1', '2', '3', '4', '5']);
});

describe('a run is capped', () => {
  test('in rounds: the calls of the last answer are not run', async () => {
    model(twoCalls);
    const { ended, rounds, messages } = await run({ maxRounds: 3 });
    expect([ended, rounds.length, asked.length]).toEqual(['rounds', 3, 3]);
    expect(messages.at(-1)?.tool_calls).toHaveLength(2);
  });

  test('in cost: a round that might exceed it is not begun', async () => {
    model(twoCalls);
    const most = { max_tokens: 5, maxCostNanoUsd: 500 };
    const { ended, costNanoUsd = 0 } = await run({ ...most, maxRounds: 1000 });
    expect(ended).toBe('cost');
    expect(costNanoUsd).toBeGreaterThan(0);
    expect(costNanoUsd).toBeLessThanOrEqual(500);
    await expect(run({ max_tokens: 5, maxCostUsd: '0.000000001' })).rejects.toMatchObject({ code: 'budget_exceeded' });
    await expect(run({ model: 'free', maxCostUsd: 1 })).rejects.toMatchObject({ code: 'model_unpriced' });
  });

  test('and caps that cannot be right are refused', async () => {
    model({ content: 'x' });
    await expect(run({ maxRounds: 0 })).rejects.toMatchObject({ code: 'invalid_request', param: 'maxRounds' });
    await expect(run({ maxParallelCalls: 1.5 })).rejects.toMatchObject({ param: 'maxParallelCalls' });
    await expect(run({ maxCostUsd: 1, maxCostNanoUsd: 1 })).rejects.toMatchObject({ param: 'maxCostUsd' });
    await expect(run({ maxCostUsd: 'much' })).rejects.toMatchObject({ param: 'maxCostUsd' });
    await expect(run({ maxCostNanoUsd: -1 })).rejects.toMatchObject({ param: 'maxCostNanoUsd' });
    expect(asked).toEqual([]);
  });
});

test('a tool without a handler is found before anything is asked', async () => {
  model({ content: 'x' });
  const handlers = { wether: () => '', time: () => '' };
  await expect(run({ handlers })).rejects.toMatchObject({
    code: 'invalid_request',
    message: "handlers.weather is missing, and the tool needs it. Did you mean 'wether'?",
  });
  expect(asked).toEqual([]);
});

test('whoever leaves waits for no handler, and the handler is told', async () => {
  model(twoCalls);
  const controller = new AbortController();
  let told = false;
  const stuck = (_: JsonObject, { signal }: { signal: AbortSignal }): Promise<never> => {
    signal.addEventListener('abort', () => (told = true));
    controller.abort();
    return new Promise(() => {});
  };
  await expect(run({ handlers: { weather: stuck, time: stuck }, signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' });
  expect(told).toBe(true);
});

test('a model without a price has no cost, and costs nothing to run', async () => {
  model({ content: 'x' });
  expect((await run({ model: 'free' })).costNanoUsd).toBeUndefined();
});
