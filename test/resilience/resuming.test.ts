import type { CallRecord, Gateway, GatewayOptions, ModelGroup } from '@sluice/core';
import { mistral } from '@sluice/provider-mistral';
import { openaiCompatible } from '@sluice/provider-openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PacedUpstream, pacedUpstream } from './paced-upstream.ts';
import { type Answered, group, openGateway, toTold } from './support.ts';

const BEGUN = { words: ['one ', 'two '], end: 'cut' } as const;
const USAGE = { prompt_tokens: 12, completion_tokens: 2 };
const REST = { words: ['three ', 'four'], usage: USAGE };

let broken: PacedUpstream;
let sound: PacedUpstream;
let records: CallRecord[];
let gateway: Gateway;

beforeEach(async () => {
  [broken, sound] = [await pacedUpstream(BEGUN), await pacedUpstream(REST)];
  records = [];
});

afterEach(async () => {
  await gateway.close();
  await Promise.all([broken.close(), sound.close()]);
});

function open(options: Partial<GatewayOptions> = {}, { canGoOn = true, ...more }: Partial<ModelGroup> & { readonly canGoOn?: boolean } = {}): Gateway {
  const of = (name: string, url: string, own: Partial<ModelGroup>): ModelGroup => ({
    name,
    deployments: group(name, [url]).deployments.map((one) => ({
      ...one,
      price: { input: 1e9, output: 1e9 },
      capabilities: { prefix: canGoOn && name === 'n' },
    })),
    ...own,
  });
  gateway = openGateway([of('m', broken.url, { fallbacks: ['n'], ...more }), of('n', sound.url, {})], {
    sinks: [{ name: 'kept', write: (written) => void records.push(...written) }],
    ...options,
    router: { retries: 0, resume: true, ...options.router },
  });
  return gateway;
}

async function ask(fields: object = {}): Promise<Answered> {
  const response = await gateway.fetch('http://sluice/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Count' }], stream: true, stream_options: { include_usage: true }, ...fields }),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

type Chunk = {
  readonly id: string;
  readonly usage?: unknown;
  readonly sluice?: unknown;
  readonly choices: readonly { readonly delta: { readonly role?: string } }[];
};

function chunks({ body }: Answered): readonly Chunk[] {
  const data = body.split('\n\n').filter((block) => block.startsWith('data: {'));
  return data.map((block) => JSON.parse(block.slice('data: '.length)) as Chunk);
}

async function recorded(): Promise<CallRecord> {
  await gateway.close();
  return records.at(-1) as CallRecord;
}

describe('a stream that breaks off in the middle', () => {
  it('is gone on with from where it was, and marked', async () => {
    open();
    const answered = await ask({ max_tokens: 100 });
    expect(toTold(answered)).toEqual({ text: 'one two three four', isDone: true, error: undefined });
    expect(answered.headers.get('x-sluice-resumable')).toBe('true');
    expect(sound.requests[0]?.body).toMatchObject({
      max_tokens: 98,
      messages: [
        { role: 'user', content: 'Count' },
        { role: 'assistant', content: 'one two', prefix: true },
      ],
    });
    const all = chunks(answered);
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(all.filter(({ choices }) => choices[0]?.delta.role).length).toBe(1);
    expect(all.flatMap(({ sluice }) => (sluice === undefined ? [] : [sluice]))).toEqual([{ resumed: { after: 'upstream_stream_broken', model_id: 'n-0' } }]);
  });

  it('is paid for with what it has cost, and so is the rest: in usage, record and budget', async () => {
    const gate = open({ allowance: { gateway: { budgetNanoUsd: 1e9 } }, budget: { assumedOutputTokens: 100 } });
    expect(gate).toBe(gateway);
    const answered = await ask();
    const { usage, costNanoUsd = 0, resumes, status, deploymentId } = await recorded();
    // Nothing was reported of the first part, so its input is estimated, and its two words are two tokens.
    expect(usage?.outputTokens).toBe(4);
    expect(usage?.inputTokens).toBeGreaterThan(12);
    expect(costNanoUsd).toBe(((usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0)) * 1000);
    expect({ resumes, status, deploymentId }).toEqual({ resumes: 1, status: 'ok', deploymentId: 'n-0' });
    expect(chunks(answered).at(-1)?.usage).toMatchObject({
      prompt_tokens: usage?.inputTokens,
      completion_tokens: 4,
      total_tokens: (usage?.inputTokens ?? 0) + 4,
    });
  });

  it.each<[string, () => Promise<Answered>]>([
    ['nobody was told to', () => (open({ router: { resume: false } }), ask())],
    ['the group is not to', () => (open({}, { resume: false }), ask())],
    ['nobody can go on with an answer', () => (open({}, { canGoOn: false }), ask())],
    ['the caller wants no fallback', () => (open(), ask({ disable_fallbacks: true }))],
    ['several answers were asked for', () => (open(), ask({ n: 2 }))],
    ['nothing is left of what may be said', () => (open(), ask({ max_tokens: 2 }))],
    ['the budget has no room for more', () => (open({ allowance: { gateway: { budgetNanoUsd: 400_000 } }, budget: { assumedOutputTokens: 150 } }), ask())],
  ])('ends with an error when %s', async (_, run) => {
    expect(toTold(await run())).toEqual({ text: 'one two ', isDone: false, error: 'upstream_stream_broken' });
    expect(sound.requests).toHaveLength(0);
    expect((await recorded()).resumes).toBeUndefined();
  });

  it.each([
    ['a tool call', { tool_calls: [{ index: 0, id: 'c', function: { name: 'pay', arguments: '{"am' } }] }],
    ['sound', { audio: { id: 'a', data: 'AAAA' } }],
  ])('is not gone on with inside %s', async (_, delta) => {
    broken.pace = { delta, end: 'cut' };
    open();
    expect(toTold(await ask()).error).toBe('upstream_stream_broken');
    expect(sound.requests).toHaveLength(0);
  });

  it('ends with the error it broke off with when the one who should go on fails', async () => {
    sound.pace = { status: 500 };
    open();
    expect(toTold(await ask())).toEqual({ text: 'one two ', isDone: false, error: 'upstream_stream_broken' });
    expect(sound.requests).toHaveLength(1);
    expect(await recorded()).toMatchObject({ status: 'error', code: 'upstream_stream_broken' });
  });

  it('may break off again, and not for ever', async () => {
    sound.pace = { words: ['x '], end: 'cut' };
    open();
    const told = toTold(await ask());
    expect(told).toEqual({ text: 'one two x x ', isDone: false, error: 'upstream_stream_broken' });
    expect(sound.requests).toHaveLength(2);
    expect(sound.requests[1]?.body.messages).toMatchObject([{ role: 'user' }, { role: 'assistant', content: 'one two x' }]);
    expect((await recorded()).resumes).toBe(2);
  });

  it('goes on from what the caller has begun as well', async () => {
    open();
    const begun = { role: 'assistant', content: 'zero ', prefix: true };
    await ask({ messages: [{ role: 'user', content: 'Count' }, begun] });
    expect(sound.requests[0]?.body.messages).toEqual([
      { role: 'user', content: 'Count' },
      { role: 'assistant', content: 'zero one two', prefix: true },
    ]);
  });

  it('repeats nothing where the provider says it all once more (P29)', async () => {
    sound.pace = { words: ['one ', 'two', ' three ', 'four'], usage: USAGE };
    const [first] = group('m', [broken.url]).deployments;
    if (!first) throw new Error('no deployment');
    gateway = openGateway(
      [
        {
          name: 'm',
          deployments: [
            { ...first, order: 0 },
            { id: 'le-chat', provider: 'mistral', model: 'mistral-small', baseUrl: sound.url, order: 1 },
          ],
        },
      ],
      {
        providers: [openaiCompatible({ name: 'upstream', baseUrl: 'http://127.0.0.1:1/v1' }), mistral({ apiKey: 'key' })],
        router: { retries: 0, resume: true },
      },
    );
    expect(toTold(await ask())).toEqual({ text: 'one two three four', isDone: true, error: undefined });
    expect(sound.requests[0]?.body.messages).toMatchObject([{ role: 'user' }, { role: 'assistant', content: 'one two', prefix: true }]);
  });

  it('is paid for and let go of when nobody ever reads it', async () => {
    broken.pace = { words: ['one '], end: 'hang' };
    const gate = open();
    const leaver = new AbortController();
    await gate.chat.completions.create({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Count' }] }, { signal: leaver.signal });
    leaver.abort();
    await gate.idle();
    const { status, costNanoUsd, deploymentId } = await recorded();
    expect({ status, deploymentId }).toEqual({ status: 'aborted', deploymentId: 'm-0' });
    expect(costNanoUsd).toBeGreaterThan(0);
  });

  it('is cancelled with its caller while another goes on (P19)', async () => {
    sound.pace = { words: ['three '], end: 'hang' };
    open();
    const leaver = new AbortController();
    const response = await gateway.fetch('http://sluice/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Count' }], stream: true }),
      signal: leaver.signal,
    });
    const body = response.text().catch(() => 'left');
    for (let wait = 0; wait < 400 && sound.requests.length === 0; wait += 1) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    leaver.abort();
    await body;
    await gateway.idle();
    for (let wait = 0; wait < 400 && sound.requests[0]?.closedAt === undefined; wait += 1) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(sound.requests[0]?.closedAt).toBeDefined();
    const { status, usage } = await recorded();
    expect(status).toBe('aborted');
    // By four characters a token, as nobody reports them.
    expect(usage?.outputTokens).toBe(4);
  });
});
