import { describe, expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { modelRegistry } from '../models/model-registry.ts';
import { compose } from '../pipeline/compose.ts';
import { Context } from '../pipeline/context.ts';
import { cascade, type CascadeOptions } from '../routing/strategies/cascade.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Batch, Reply } from '../types/call.ts';
import type { Deployment } from '../types/model.ts';
import { router } from './router.ts';

const deployments: Deployment[] = ['cheap', 'dear', 'dearest'].map((id, index) => ({
  id,
  provider: 'p',
  model: id,
  price: { input: 1e9 * 10 ** index, output: 1e9 * 10 ** index },
}));

/** What each deployment says; an error where it fails. */
async function play(answers: Readonly<Record<string, string | Error>>, options: CascadeOptions, stream = false): Promise<{ asked: string[]; text: string }> {
  const asked: string[] = [];
  const hook = router({ models: modelRegistry([{ name: 'm', deployments, strategy: cascade(options) }]), retries: 0 });
  const ctx = new Context({
    id: 'c',
    operation: 'chat',
    request: { model: 'm', stream, messages: [] },
    source: { credentials: [] },
    controller: new AbortController(),
  });
  const reply = await compose([hook], async ({ deployment }) => {
    const id = deployment?.id ?? '';
    asked.push(id);
    const answer = answers[id] ?? '';
    if (answer instanceof Error) throw answer;
    return stream ? toStream(answer) : toReply(answer);
  })(ctx);
  expect(ctx.deployment?.id).toBe(asked.filter((id) => !(answers[id] instanceof Error)).at(-1));
  return { asked, text: await textOf(reply) };
}

function toReply(content: string): Reply {
  return { kind: 'complete', body: LazyJson.ofValue({ choices: [{ message: { content }, finish_reason: 'stop' }] }) };
}

function toStream(content: string): Reply {
  async function* batches(): AsyncGenerator<Batch> {
    for (const letter of content) yield { events: [LazyJson.ofValue({ choices: [{ delta: { content: letter } }] })] };
    yield { events: [LazyJson.ofValue({ choices: [{ delta: {}, finish_reason: 'stop' }] })] };
  }
  return { kind: 'stream', batches: batches() };
}

async function textOf(reply: Reply): Promise<string> {
  if (reply.kind === 'complete') return (reply.body.value.choices as { message: { content: string } }[])[0]?.message.content ?? '';
  let text = '';
  if (reply.kind === 'stream')
    for await (const { events } of reply.batches)
      for (const { value } of events) text += (value.choices as { delta: { content?: string } }[])[0]?.delta.content ?? '';
  return text;
}

describe.each([false, true])('cascade (stream: %s)', (stream) => {
  it('asks the cheapest first, and stays when its answer will do', async () => {
    expect(await play({ cheap: 'a good answer' }, { check: { minCharacters: 5 } }, stream)).toEqual({ asked: ['cheap'], text: 'a good answer' });
  });

  it('asks on while answers will not do; the last one stands', async () => {
    expect(await play({ cheap: 'Sorry, I cannot', dear: '{"a":1}' }, { check: { without: ['i cannot'], json: true } }, stream)).toEqual({
      asked: ['cheap', 'dear'],
      text: '{"a":1}',
    });
    expect(await play({ cheap: 'x', dear: 'y', dearest: 'z' }, { check: () => false }, stream)).toEqual({ asked: ['cheap', 'dear', 'dearest'], text: 'z' });
  });

  it('gives the cheap answer out when the dear one cannot be had', async () => {
    const down = new GatewayError('upstream_unreachable', 'down', { retryable: true });
    expect(await play({ cheap: 'x', dear: down }, { check: () => false, order: ['cheap', 'dear'] }, stream)).toEqual({ asked: ['cheap', 'dear'], text: 'x' });
  });
});
