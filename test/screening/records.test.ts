import type { CallRecord, Sink } from '@sluice/core';
import { keywords } from '@sluice/guardrail-keywords';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type Asked, echoUpstream, eventsOf, MASTER_KEY, opened, type Opened, PROVIDER_KEY, type Upstream } from './support.ts';

const PROMPT = 'penguins in the prompt';
const VIRTUAL_KEY = 'virtual-key-canary-0123456789';

let upstream: Upstream;
beforeAll(async () => {
  upstream = await echoUpstream();
});
afterAll(() => upstream.close());

type End = { readonly name: string; readonly expected: Partial<CallRecord>; readonly act: (made: Opened) => Promise<unknown> };

const ENDS: readonly End[] = [
  {
    name: 'an answer',
    expected: { status: 'ok', keyId: 'key-1', deploymentId: 'd1', costNanoUsd: 19 },
    act: ({ gateway }) => ask(gateway, PROMPT, { key: VIRTUAL_KEY }),
  },
  {
    name: 'a stream',
    expected: { status: 'ok', isStream: true, costNanoUsd: 19, usage: { inputTokens: 5, outputTokens: 7 } },
    act: ({ gateway }) => ask(gateway, PROMPT, { key: VIRTUAL_KEY, body: { stream: true } }),
  },
  {
    name: 'nobody known',
    expected: { status: 'refused', code: 'invalid_credentials', keyId: undefined },
    act: ({ gateway }) => ask(gateway, PROMPT, { key: 'a-wrong-key-canary-0123456789' }),
  },
  {
    name: 'no JSON',
    expected: { status: 'refused', code: 'invalid_json', keyId: 'key-1' },
    act: ({ gateway }) => ask(gateway, '', { key: VIRTUAL_KEY, raw: `{"model":"m","messages":${PROMPT}` }),
  },
  {
    name: 'no request',
    expected: { status: 'refused', code: 'invalid_request' },
    act: ({ gateway }) => ask(gateway, '', { key: VIRTUAL_KEY, raw: JSON.stringify({ model: 'm', messages: [{ role: PROMPT, content: 5 }] }) }),
  },
  {
    name: 'no such model',
    expected: { status: 'refused', code: 'model_not_found' },
    act: ({ gateway }) => ask(gateway, PROMPT, { key: VIRTUAL_KEY, body: { model: 'unknown' } }),
  },
  {
    name: 'a guardrail',
    expected: { status: 'refused', code: 'guardrail_blocked' },
    act: ({ gateway }) => ask(gateway, `${PROMPT}: a bomb`, { key: VIRTUAL_KEY }),
  },
  { name: 'an error upstream', expected: { status: 'error', deploymentId: 'd1' }, act: ({ gateway }) => ask(gateway, `fail ${PROMPT}`, { key: VIRTUAL_KEY }) },
  { name: 'a caller who leaves', expected: { status: 'aborted', code: 'aborted' }, act: ({ gateway }) => leave(gateway) },
  {
    name: 'the list of models',
    expected: { status: 'ok', operation: 'models.list' },
    act: ({ gateway }) => gateway.fetch('http://sluice/v1/models', { headers: { authorization: `Bearer ${MASTER_KEY}` } }),
  },
];

async function leave(gateway: Opened['gateway']): Promise<void> {
  const controller = new AbortController();
  const chunks = await gateway.chat.completions.create(
    { model: 'm', stream: true, messages: [{ role: 'user', content: `endless ${PROMPT}` }] },
    { apiKey: VIRTUAL_KEY, signal: controller.signal },
  );
  for await (const _chunk of chunks) break;
  controller.abort();
}

async function recorded(act: End['act']): Promise<CallRecord[]> {
  const made = opened(upstream, { keys: [{ id: 'key-1', key: VIRTUAL_KEY }], guardrails: [{ guardrail: keywords({ words: ['bomb'] }), on: ['input'] }] });
  await act(made);
  await made.gateway.idle();
  await made.gateway.close();
  return made.records;
}

describe('call records', () => {
  it.each(ENDS)('say it once, with $name', async ({ act, expected }) => {
    const records = await recorded(act);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject(expected);
  });

  it.each(ENDS)('hold neither credential nor prompt, with $name (P54, P55)', async ({ act }) => {
    const text = JSON.stringify(await recorded(act));
    for (const canary of [PROVIDER_KEY, MASTER_KEY, VIRTUAL_KEY, 'a-wrong-key-canary', 'penguins']) {
      for (const form of [canary, Buffer.from(canary).toString('base64').replace(/=+$/, ''), Buffer.from(canary).toString('hex'), encodeURIComponent(canary)])
        expect(text).not.toContain(form);
    }
  });
});

describe('records that may quote', () => {
  it("hold a provider's words, without the keys in them", async () => {
    const { gateway, records } = opened(upstream, { quoteErrors: true });
    await ask(gateway, `fail ${PROMPT}`);
    await gateway.close();
    expect(records[0]?.message).toContain(PROMPT);
    expect(records[0]?.message).not.toContain(PROVIDER_KEY);
  });
});

describe('sinks (P41)', () => {
  it('can hang, fail or throw, and no call is slower or lost for the other sink', async () => {
    const good: CallRecord[] = [];
    const reports: unknown[] = [];
    const sinks: Sink[] = [
      { name: 'hangs', write: () => new Promise(() => undefined) },
      { name: 'fails', write: () => Promise.reject(new Error('503')) },
      {
        name: 'throws',
        write: () => {
          throw new Error('a defect');
        },
      },
      { name: 'good', write: (records) => void good.push(...records) },
    ];
    const { gateway } = opened(upstream, { sinks, onError: (error) => reports.push(error) });
    const answers = await Promise.all(Array.from({ length: 300 }, (_, index) => ask(gateway, `call ${index}`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    await expect.poll(() => good.length).toBe(300);
    expect(new Set(good.map(({ id }) => id)).size).toBe(300);
    // Which of them reports first depends on whether a full batch or the time began the write.
    expect(reports.map(String).sort()).toEqual([expect.stringMatching(/'fails' has lost/), expect.stringMatching(/'throws' has lost/)]);
  });
});

describe('the cache in a whole gateway', () => {
  it('replays a stream to who asked for one, with usage only where it is wanted, at no cost', async () => {
    const { gateway } = opened(upstream, { cache: true });
    const stream = (more: object = {}): Promise<Asked> => ask(gateway, 'a stream to keep', { body: { stream: true, ...more } });
    const first = await stream();
    const second = await stream({ stream_options: { include_usage: true } });
    expect([first, second].map(({ headers }) => headers.get('x-sluice-cache'))).toEqual(['miss', 'hit']);
    const [before, after] = [eventsOf(first.text), eventsOf(second.text)];
    expect(after.filter((event) => (event as { usage?: unknown }).usage === undefined)).toEqual(before);
    expect(after.at(-2)).toMatchObject({ choices: [], usage: { completion_tokens: 7, cost: 0 } });
    await gateway.close();
  });
});
